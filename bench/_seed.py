"""Fill a ledger from the JSON on standard input: channels, and posts due at one moment, taking turns."""

from __future__ import annotations

import json
import sys
from datetime import datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from diskarte.core.outbox.models import Channel, Delivery, Lane  # noqa: E402
from diskarte.core.outbox.queue import queue  # noqa: E402
from diskarte.core.people.models import Brand, Workspace  # noqa: E402
from diskarte.core.secrets import Secrets  # noqa: E402


def seed(told: dict) -> None:
    """`channels` are facts of rows, `texts` the posts, `due` their moment; what was there is gone."""
    due = datetime.fromisoformat(told["due"])
    with transaction.atomic():
        Delivery.objects.all().delete()
        Channel.objects.all().delete()
        Lane.objects.all().delete()
        workspace, _new = Workspace.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
        brand, _new = Brand.objects.get_or_create(
            slug="bench", defaults={"name": "Bench", "workspace": workspace}
        )
        channels = [_channel(brand, facts) for facts in told["channels"]]
        for n, text in enumerate(told["texts"]):
            queue(
                brand, channels[n % len(channels)], {"text": text, "languages": ["en"]}, due, key=f"burst-{n}"
            )


def _channel(brand: Brand, facts: dict) -> Channel:
    return Channel.objects.create(brand=brand, **{**facts, "secrets": Secrets(facts["secrets"])})


seed(json.load(sys.stdin))
