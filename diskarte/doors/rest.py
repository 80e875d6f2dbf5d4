"""`GET /api/plan/slots?week=49`, `POST /api/plan/move_slot`: one operation a verb, made by Django Ninja."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import AuthRateThrottle

from diskarte import __version__
from diskarte.core.action import Action, Wrong, misfit
from diskarte.core.people import keys
from diskarte.core.people.who import Forbidden, Stranger, Who, who_by_token, who_in
from diskarte.core.plain import plain
from diskarte.doors import verbs
from diskarte.words import Problem


class Bearer(HttpBearer):
    """`Authorization: Bearer dk_…`, a token made at «API tokens»."""

    def authenticate(self, request: HttpRequest, token: str) -> Who | None:
        row = keys.find_token(token, timezone.now())
        return who_by_token(row, brand_asked(request), "rest") if row else None


class Session(SessionAuth):
    """The cookie of somebody who is signed in; writes need the CSRF header."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Who | None:
        if not request.user.is_authenticated:
            return None
        return who_in(request.user, brand_asked(request), "rest")  # type: ignore[arg-type]


def brand_asked(request: HttpRequest) -> str | None:
    """The brand named by the path's prefix, by `?brand=` or by the header X-Brand."""
    return getattr(request, "brand_slug", None) or request.headers.get("X-Brand") or None


def _operation(action: Action) -> Callable[..., Any]:
    def view(request: HttpRequest, given: Any = None) -> Any:
        who: Who = request.auth  # type: ignore[attr-defined]
        names = given.model_fields_set if given is not None else ()
        with timezone.override(who.brand.zone if who.brand else None):
            return {"result": plain(action.run(who, {n: getattr(given, n) for n in names}))}

    one = inspect.Parameter.POSITIONAL_OR_KEYWORD
    shape = [inspect.Parameter("request", one, annotation=HttpRequest)]
    if action.takes:
        where = Body(...) if action.writes else Query(...)
        shape.append(inspect.Parameter("given", one, default=where, annotation=action.model))
    view.__signature__ = inspect.Signature(shape)  # type: ignore[attr-defined]
    view.__annotations__ = {p.name: p.annotation for p in shape}
    view.__name__ = action.name.replace(".", "_")
    return view


def make() -> NinjaAPI:
    """The whole API, built from the register."""
    api = NinjaAPI(
        title="Diskarte", version=__version__, auth=[Bearer(), Session(csrf=True)],
        throttle=[AuthRateThrottle("600/m")],
        description="Every verb of the product. Name the brand with `?brand=slug` when you have more than one.",
    )  # fmt: skip
    for action in verbs().values():
        path = "/" + action.name.replace(".", "/")
        add = api.post if action.writes else api.get
        stage = action.name.split(".")[0]
        add(path, operation_id=action.name, summary=action.help.splitlines()[0], tags=[stage])(
            _operation(action)
        )
    api.exception_handler(Stranger)(lambda request, e: _say(api, request, 404, "Not found."))
    api.exception_handler(Forbidden)(lambda request, e: _say(api, request, 403, e.what, e))
    api.exception_handler(Wrong)(lambda request, e: _say(api, request, 422, e.what, e))
    api.exception_handler(ValidationError)(
        lambda request, e: _say(api, request, 422, str(misfit(e.errors, 2)), misfit(e.errors, 2))
    )
    api.exception_handler(Problem)(lambda request, e: _say(api, request, 422, e.what, e))
    return api


def _say(
    api: NinjaAPI, request: HttpRequest, status: int, what: str, e: Problem | None = None
) -> HttpResponse:
    told: dict[str, Any] = {"what": what}
    if e is not None:
        told |= {"kept": e.kept, "do": e.do, "fields": getattr(e, "fields", {})}
    return api.create_response(request, told, status=status)
