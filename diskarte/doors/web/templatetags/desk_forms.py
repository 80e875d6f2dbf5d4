"""Forms of verbs: every write of the product goes through the one door `do`."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diskarte.doors.web.templatetags.desk_marks import icon

register = template.Library()

SPECIAL = ("to", "files", "into", "confirm", "look", "id")
OWN_ATTRIBUTES = ("class", "id", "name", "value", "type")
CHOICES = ("select", "multi", "radio", "checks")


@register.simple_tag
def do(verb: str) -> str:
    """`{% do "plan.move_slot" %}`: the address of the write door for one verb."""
    return reverse("do", kwargs={"verb": verb})


def _back(context: Context) -> str:
    """The page to come back to; a form in the side panel returns to the page under the panel."""
    request = context.get("request")
    if request is None:
        return ""
    seen = getattr(request, "htmx", None)
    return (seen and seen.current_url_abs_path) or request.get_full_path()


def _hidden(pairs: dict[str, Any]) -> SafeString:
    rows = [
        (name, each)
        for name, value in pairs.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', ((n, _plain(v)) for n, v in rows)
    )


def _kept(context: Context, verb: str, hidden: dict[str, Any]) -> dict[str, Any]:
    """What was typed before a failure, if it was typed into this very form."""
    kept = (context.get("kept") or {}).get(verb) or {}
    typed = kept.get("values", {})
    same = all(_many(typed.get(name, value)) == _many(value) for name, value in hidden.items())
    return kept if same else {}


def form_facts(context: Context, verb: str, given: dict[str, Any]) -> dict[str, Any]:
    """Everything the form's template needs; hidden inputs are the keywords that are not special."""
    special = {name: given.pop(name) for name in SPECIAL if name in given}
    hidden = {name: value for name, value in given.items() if value is not None}
    kept = _kept(context, verb, hidden)
    ids = "-".join([verb.replace(".", "-"), *(str(_plain(v))[:20] for v in hidden.values())])
    return {
        "action": do(verb),
        "verb": verb,
        "hidden": _hidden(hidden),
        "next": special.get("to") or _back(context),
        "errors": kept.get("errors", {}),
        "kept": kept,
        "prefix": "".join(c if c.isalnum() or c in "-_" else "_" for c in ids),
        "csrf_token": context.get("csrf_token"),
        **special,
    }


class VerbForm(Node):
    """A whole form of one verb; the fields inside know its kept values and errors."""

    def __init__(self, verb: FilterExpression, given: dict[str, FilterExpression], body: NodeList) -> None:
        self.verb, self.given, self.nodelist = verb, given, body

    def render(self, context: Context) -> SafeString:
        given = {name: value.resolve(context) for name, value in self.given.items()}
        facts = form_facts(context, str(self.verb.resolve(context)), given)
        with context.push(verb_form=facts):
            body = self.nodelist.render(context)
        return render_to_string(
            "pieces/verb_form.html", {**facts, "body": body, "general": facts["errors"].get("")}
        )


@register.tag
def verb_form(parser: Parser, token: Token) -> VerbForm:
    """`{% verb_form "plan.move_slot" slot=3 %}…{% endverb_form %}`: a form; keywords become hidden inputs."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("verb_form needs the name of a verb")
    verb, rest = parser.compile_filter(bits[0]), bits[1:]
    given = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"verb_form takes a verb and keywords, not {rest[0]}")
    body = parser.parse(("endverb_form",))
    parser.delete_first_token()
    return VerbForm(verb, given, body)


@register.inclusion_tag("pieces/act.html", takes_context=True)
def act(
    context: Context, verb: str, label: str, icon: str = "", quiet: bool = False, **given: Any
) -> dict[str, Any]:
    """`{% act "plan.lock" _("Lock") icon="lock" slot=3 %}`: a form of one button; `quiet` hides its word."""
    return {"label": label, "icon": icon, "quiet": quiet, "look": "", **form_facts(context, verb, given)}


@register.simple_tag
def save(label: str = "", icon_name: str = "", name: str = "", value: str = "") -> SafeString:
    """`{% save _("Move") %}`: the one button that sends the form around it."""
    picture = icon(icon_name) if icon_name else ""
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="btn btn-primary"{}>{} {}</button>', named, picture, label or _("Save"))


def _plain(value: Any) -> str:
    """A value as an input wants it; moments in the active zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(getattr(value, "pk", value))


def _many(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [_plain(value)]
    return [_plain(each) for each in value]


def _options(options: Any, chosen: list[str]) -> list[dict[str, Any]]:
    pairs = options.items() if isinstance(options, dict) else options or []
    rows = [pair if isinstance(pair, list | tuple) else (pair, pair) for pair in pairs]
    return [{"value": _plain(row[0]), "label": row[1], "chosen": _plain(row[0]) in chosen} for row in rows]


def _attributes(more: dict[str, Any]) -> SafeString:
    """Further keywords as attributes: `hx_get` is `hx-get`; True stands alone, None and False fall away."""
    pairs = [
        (n.replace("_", "-"), v)
        for n, v in more.items()
        if v not in (None, False) and n not in OWN_ATTRIBUTES
    ]
    bare = format_html_join("", " {}", ((n,) for n, v in pairs if v is True))
    full = format_html_join("", ' {}="{}"', ((n, v) for n, v in pairs if v is not True))
    return bare + full


@register.inclusion_tag("pieces/field.html", takes_context=True)
def field(
    context: Context,
    name: str,
    label: str = "",
    type: str = "text",
    value: Any = None,
    help: str = "",
    required: bool = False,
    options: Any = None,
    rows: int = 4,
    count: int | None = None,
    unit: str = "",
    verb: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One labelled input with its help, the value kept after a failure, and what is wrong with it."""
    form = context.get("verb_form") or {}
    if verb and verb != form.get("verb"):
        form = form_facts(context, verb, {})
    kept, typed = form.get("kept") or {}, (form.get("kept") or {}).get("values", {})
    shown = typed.get(name, False if kept and type in ("checkbox", "switch") else value)
    if isinstance(shown, list) and type not in CHOICES:
        shown = shown[-1] if shown else ""
    if kept and name not in typed and type in ("multi", "checks"):
        shown = []
    ref = f"f-{form.get('prefix', 'form')}-{name}"
    error = kept.get("errors", {}).get(name, "")
    return {
        "name": name, "label": label, "type": type, "id": ref, "required": required, "rows": rows, "unit": unit,
        "value": _plain(shown) if type not in CHOICES else "", "help": help, "error": error, "count": count,
        "checked": shown in (True, "true", "on", "True", "1", 1), "options": _options(options, _many(shown)),
        "described": " ".join(part for part, on in ((f"{ref}-help", help), (f"{ref}-error", error)) if on),
        "more": _attributes(more),
    }  # fmt: skip


@register.filter
def dressed(one: BoundField) -> SafeString:
    """A Django form's own input in the look of ours: `{{ form.email|dressed }}`."""
    kinds = {"checkbox": "form-check-input", "select": "form-select", "radioselect": "form-check-input"}
    known = {"class": kinds.get(one.widget_type, "form-control")}
    return one.as_widget(attrs=known)
