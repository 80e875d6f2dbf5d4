"""Pages that belong to no stage: the way in, the compass, people, the outbox."""

from __future__ import annotations

import errno
import sys
from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from diskarte.core.actions import ALL
from diskarte.core.people import actions as people
from diskarte.core.people import keys
from diskarte.core.people.models import Person
from diskarte.core.people.roles import ROLE_CHOICES
from diskarte.core.people.who import brands_of
from diskarte.words import Problem

WAY_IN = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first brand's compass; where there is no brand yet, the page that makes one."""
    if request.brand_slug:  # type: ignore[attr-defined]
        from .compass import compass

        return compass(request)
    brands = brands_of(request.user)  # type: ignore[arg-type]
    return redirect(f"/{brands[0].slug}/") if brands else redirect("new_brand")


class Welcome(forms.Form):
    """Name, address and password of somebody who follows an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput, help_text=_("At least 10 characters."),
        validators=[validate_password],
    )  # fmt: skip

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Person.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This address has an account: sign in, then open the link again."))
        return email


@login_not_required
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link: makes an account, or lets somebody signed in join the workspace."""
    invite = keys.find_invite(secret, timezone.now())
    if invite is None:
        raise Http404
    if request.user.is_authenticated:
        return _join(request, secret, invite)
    form = Welcome(request.POST or None, initial={"email": invite.email})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        person = Person.objects.create_user(facts["email"], facts["password"], name=facts["name"])
        keys.accept_invite(secret, person, timezone.now())
        login(request, person, backend=WAY_IN)
        return HttpResponseRedirect("/")
    return render(request, "welcome.html", {"form": form, "invite": invite})


def _join(request: HttpRequest, secret: str, invite: Any) -> HttpResponse:
    if request.method == "POST":
        keys.accept_invite(secret, request.user, timezone.now())  # type: ignore[arg-type]
        return HttpResponseRedirect("/")
    return render(request, "welcome.html", {"invite": invite})


@require_GET
def people_page(request: HttpRequest) -> HttpResponse:
    """Who works here? Members, invitations and their roles."""
    who: Any = request.who  # type: ignore[attr-defined]
    members = people.members(who)
    for member in members:
        member.limited = [brand.slug for brand in member.brands.all()]
    return render(
        request,
        "people/page.html",
        {
            "members": members,
            "invites": people.invites(who) if who.can.people_edit else [],
            "shown": request.session.pop("shown", None),
            "roles": ROLE_CHOICES,
            "brand_options": [
                (b.slug, b.name) for b in people.brands(who) if b.workspace_id == who.workspace.pk
            ],
            "approvals": [
                ("none", _("No")),
                ("optional", _("If the author asks for it")),
                ("required", _("Always")),
            ],
            "lates": [
                ("ask", _("Ask me first")),
                ("publish", _("Publish it anyway")),
                ("skip", _("Skip it")),
            ],
        },
    )


@require_GET
def brands_page(request: HttpRequest) -> HttpResponse:
    """Which brand? Every brand the person may see."""
    return render(request, "brands.html")


@require_GET
def tokens_page(request: HttpRequest) -> HttpResponse:
    """Which programs may act for you?"""
    who: Any = request.who  # type: ignore[attr-defined]
    told = {
        "tokens": people.tokens(who),
        "shown": request.session.pop("shown", None),
        "rights": sorted(who.rights),
    }
    return render(request, "people/tokens.html", told)


@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """Who changed what, and when?"""
    from diskarte.core.people.undo import can_undo

    lines = people.audit(request.who, request.GET.get("verb", ""), 200)  # type: ignore[attr-defined]
    told = [(line, _in_short(line.verb), can_undo(line)) for line in lines]
    return render(request, "people/audit.html", {"lines": told})


def _in_short(verb: str) -> str:
    """What a person was told after this verb; empty when that names what was changed."""
    action = ALL.get(verb)
    return "" if action is None or "{" in action.done else gettext(action.done) if action.done else ""


def fault(request: HttpRequest) -> HttpResponse:
    """Whatever went wrong, in words: 503 when the database or the disk does not answer, else 500."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        safe = gettext("What was saved before is safe; this step was not done.")
        told = Problem(
            gettext("The database does not answer."), kept=safe,
            do=gettext("Try again in a minute. If it lasts, look at the log and at the database."),
        )  # fmt: skip
        return _in_words(request, told, 503)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        told = Problem(
            gettext("The disk is full."),
            kept=gettext("This step was not done."),
            do=gettext("Free some space."),
        )
        return _in_words(request, told, 503)
    return _in_words(
        request, Problem(gettext("Something went wrong on our side."), do=gettext("Try again.")), 500
    )


def _in_words(request: HttpRequest, problem: Problem, status: int) -> HttpResponse:
    """A page that needs no database: no session, no person."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"what": problem.what, "kept": problem.kept, "do": problem.do}, status=status)
    page = loader.get_template("problem_page.html").render({"problem": problem, "back": request.path})
    return HttpResponse(page, status=status)
