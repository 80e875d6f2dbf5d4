"""Fill a ledger for `outbox_chaos`: channels, and for each its posts. What was there is gone."""

from __future__ import annotations

from datetime import datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from diskarte.core.files.models import File, path_of  # noqa: E402
from diskarte.core.outbox.models import Channel, Delivery  # noqa: E402
from diskarte.core.people.models import Brand, Workspace  # noqa: E402
from diskarte.core.secrets import Secrets  # noqa: E402

DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def picture(brand: Brand) -> int:
    """A file of the brand; what is in it does not matter to the fake."""
    path = path_of(DIGEST)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4096))
    facts = {"name": "cup.png", "mime": "image/png", "size": 4104}
    return int(File.objects.get_or_create(brand=brand, sha256=DIGEST, defaults=facts)[0].pk)


def seed(told: dict) -> None:
    """`channels`: facts of a row each, with `texts`; each `media`-th post of a channel has a picture."""
    due = datetime.fromisoformat(told["due"])
    with transaction.atomic():
        workspace, _new = Workspace.objects.get_or_create(
            slug="bench", defaults={"name": "Bench", "late": "publish"}
        )
        brand, _new = Brand.objects.get_or_create(
            slug="bench", defaults={"name": "Bench", "workspace": workspace}
        )
        file = picture(brand)
        for facts in told["channels"]:
            texts, media = facts.pop("texts"), facts.pop("media", 0)
            channel = Channel.objects.create(brand=brand, **{**facts, "secrets": Secrets(facts["secrets"])})
            rows = [
                Delivery(
                    workspace=workspace, brand=brand, channel=channel, planned_at=due, due_at=due,
                    content={"text": text, **({"media": [file]} if media and n % media == 0 else {})},
                )
                for n, text in enumerate(texts)
            ]  # fmt: skip
            Delivery.objects.bulk_create(rows)
