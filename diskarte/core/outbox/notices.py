"""Telling people by e-mail and a program by a signed call; each message is kept until it arrived or was given up."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

import httpx
from django.core.mail import send_mail
from django.db.models import F
from django.utils.translation import gettext as _

from diskarte.core import clock, fetch
from diskarte.core.loop import log
from diskarte.core.people.models import Workspace
from diskarte.networks.webhook import signature

from .models import Listener, Notice

PAUSES = (30, 120, 600, 3600, 6 * 3600, 24 * 3600)  # seconds after each try that failed; then it is given up
TIMEOUT = 10.0
MAIL_FAULTS = (OSError, SMTPException)


class _NotTaken(Exception):
    """The other side did not take it; `for_good` when it never will."""

    def __init__(self, why: str, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def mail(workspace: Workspace, to: str, kind: str, subject: str, text: str, now: datetime) -> Notice:
    """Write down one letter; `send_due` carries it."""
    facts = {"subject": " ".join(subject.split())[:300], "body": {"text": text}}
    return Notice.objects.create(
        workspace=workspace, way="mail", to=to, kind=kind, due_at=now, made_at=now, **facts
    )


def call(workspace: Workspace, kind: str, data: dict[str, Any], now: datetime) -> Notice | None:
    """Write down one call of the workspace's program; None when it has none."""
    listener = Listener.objects.filter(workspace=workspace).first()
    if listener is None:
        return None
    body = {"type": f"outbox.{kind}", "timestamp": now.isoformat(), "data": data}
    return Notice.objects.create(
        workspace=workspace, way="webhook", to=listener.url, kind=kind, body=body, due_at=now, made_at=now
    )


def send_due(now: datetime, most: int = 50) -> int:
    """Carry what is due; how many arrived. Whoever counts a try first has it."""
    rows = Notice.objects.filter(state="queued", due_at__lte=now).select_related("workspace")
    return sum(carry(notice, now) for notice in rows.order_by("due_at", "pk")[:most])


def carry(notice: Notice, now: datetime) -> bool:
    """Try one message once; True when it arrived."""
    pause = PAUSES[min(notice.tries, len(PAUSES) - 1)]
    mine = Notice.objects.filter(pk=notice.pk, state="queued", tries=notice.tries)
    if not mine.update(tries=F("tries") + 1, due_at=now + timedelta(seconds=pause)):
        return False
    notice.tries += 1
    row = Notice.objects.filter(pk=notice.pk)
    try:
        _post(notice) if notice.way == "webhook" else _mail(notice)
    except _NotTaken as failure:
        over = failure.for_good or notice.tries > len(PAUSES)
        log.warning("notice %s could not be sent: %s", notice.pk, failure)
        row.update(why=str(failure)[:1000], state="failed" if over else "queued")
        return False
    row.update(state="sent", sent_at=clock.now(), why="")
    return True


def _mail(notice: Notice) -> None:
    try:
        send_mail(notice.subject, str(notice.body.get("text", "")), None, [notice.to])
    except MAIL_FAULTS as error:
        raise _NotTaken(f"{type(error).__name__}: {error}") from error


def _post(notice: Notice) -> None:
    listener = Listener.objects.filter(workspace=notice.workspace_id).first()
    if listener is None or listener.url != notice.to:
        raise _NotTaken(_("The address was changed or taken away meanwhile."), for_good=True)
    if not listener.secrets.readable:
        raise _NotTaken(
            _("Its signing secret was sealed with a key that is not here any more."), for_good=True
        )
    body = json.dumps(notice.body, ensure_ascii=False, sort_keys=True).encode()
    status = _answered(notice.to, body, signed(str(listener.secrets["key"]), notice.key, clock.now(), body))
    if status >= 300:
        raise _NotTaken(_("It answered %s.") % status, for_good=status == 410)


def signed(key: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a call, as «Standard Webhooks» describes them."""
    moment = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{signature(key, message, moment, body)}",
    }


def _answered(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its body is never read, so it cannot be too large."""
    try:
        with (
            fetch.client(timeout=TIMEOUT) as line,
            line.stream("POST", url, content=body, headers=headers) as got,
        ):
            return int(got.status_code)
    except fetch.Guarded as error:
        raise _NotTaken(_("This address is not on the public internet."), for_good=True) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _NotTaken(f"{type(error).__name__}: {error}") from error
