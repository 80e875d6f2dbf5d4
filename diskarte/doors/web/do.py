"""The one place where pages write: `POST /do/plan.move_slot`. A form names a verb; pydantic checks it as everywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diskarte.core.actions import Action, Wrong
from diskarte.core.given import Upload
from diskarte.core.people.audit import last_write
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import can_undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.core.plain import plain
from diskarte.doors import verbs
from diskarte.words import Problem

OWN = frozenset({"csrfmiddlewaretoken", "next"})


@require_POST
def do(request: HttpRequest, verb: str) -> HttpResponse:
    """Run one write verb with a form's values, then go back with a message; a failure keeps what was typed."""
    action = verbs().get(verb)
    if action is None or not action.writes:
        raise Stranger
    last_write.set(None)
    try:
        result = plain(action.run(request.who, given(request, action)))  # type: ignore[attr-defined]
    except Problem as problem:
        return _failed(request, verb, problem)
    told = str(_(action.done)) if action.done else _("Done.")
    if isinstance(result, dict):
        told = told.format_map(_Known(result))
    if _wants_json(request):
        return JsonResponse({"result": result, "said": told, "undo": _undo_line()})
    messages.success(request, told, extra_tags=_undo_tag())
    if isinstance(result, dict) and result.get("secret"):
        request.session["shown"] = result
    return HttpResponseRedirect(_next(request, result))


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def given(request: HttpRequest, action: Action) -> dict[str, Any]:
    """A form's fields as raw values: lists where the verb takes lists, nothing where a field was left empty."""
    raw: dict[str, Any] = {}
    for name in (*request.GET, *request.POST):
        if name in OWN:
            continue
        values = [str(v) for v in request.POST.getlist(name) or request.GET.getlist(name)]
        value: Any = [v for v in values if v] if _is_list(action, name) else values[-1]
        if value == "" and not _is_text(action, name):
            value = None
        raw[name] = value
    for name in request.FILES:
        files = [_upload(file) for file in request.FILES.getlist(name)]
        raw[name] = files if _is_list(action, name) else files[-1]
    return {n: v for n, v in raw.items() if v is not None or _takes_none(action, n)}


def _upload(file: Any) -> Upload:
    assert isinstance(file, UploadedFile)
    path = getattr(file, "temporary_file_path", None)
    if path is not None:
        from pathlib import Path

        return Upload(file.name or "file", path=Path(path()))
    return Upload(file.name or "file", content=file.read())


def _schema(action: Action, name: str) -> list[dict[str, Any]]:
    shape = action.model.model_json_schema().get("properties", {}).get(name, {})
    return list(shape.get("anyOf", [shape]))


def _is_list(action: Action, name: str) -> bool:
    return any(part.get("type") == "array" for part in _schema(action, name))


def _is_text(action: Action, name: str) -> bool:
    plain_text = [
        part for part in _schema(action, name) if part.get("type") == "string" and "format" not in part
    ]
    return any("enum" not in part for part in plain_text) and not _takes_none(action, name)


def _takes_none(action: Action, name: str) -> bool:
    return any(part.get("type") == "null" for part in _schema(action, name))


def _failed(request: HttpRequest, verb: str, problem: Problem) -> HttpResponse:
    errors = (
        problem.fields
        if isinstance(problem, Wrong)
        else {problem.field: problem.what}
        if problem.field
        else {}
    )
    if _wants_json(request):
        told = {"what": problem.what, "kept": problem.kept, "do": problem.do, "fields": errors}
        return JsonResponse(told, status=403 if isinstance(problem, Forbidden) else 422)
    values = {n: request.POST.getlist(n) for n in request.POST if n not in OWN}
    request.session["kept"] = {verb: {"values": values, "errors": errors}}
    messages.error(request, " ".join(part for part in (problem.what, problem.kept, problem.do) if part))
    return HttpResponseRedirect(_back(request))


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _undo_line() -> int | None:
    pk = last_write.get()
    line = Audit.objects.filter(pk=pk).first() if pk else None
    return line.pk if line is not None and can_undo(line) else None


def _undo_tag() -> str:
    line = _undo_line()
    return f"undo:{reverse('do', kwargs={'verb': 'people.undo'})}?line={line}" if line else ""


def _back(request: HttpRequest) -> str:
    return _safe(request, request.headers.get("Referer", ""))


def _next(request: HttpRequest, result: Any) -> str:
    """Where to go: the form's `next`, in which {id} and other fields of the result may stand."""
    where = request.POST.get("next", "")
    if isinstance(result, dict) and "{" in where:
        where = where.format_map(_Known(result))
    return _safe(request, where) if where else _back(request)


def _safe(request: HttpRequest, where: str) -> str:
    ok = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return where if where and ok else get_script_prefix()
