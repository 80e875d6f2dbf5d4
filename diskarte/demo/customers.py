"""Who buys at the demo's café: two thousand simulated customers with a year of receipts, as from a till."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience

CUSTOMERS, DAYS = 2000, 365
HEADS = ("Customer ID", "Name", "E-mail", "City", "Opt in", "Order Date", "Product", "Total", "Receipt No")
FIRST = ("Ana", "Ben", "Carlo", "Dalisay", "Elena", "Felix", "Grace", "Hiraya", "Isko", "Joy", "Kiko", "Luz", "Mayumi",
         "Nilo", "Olive", "Paolo", "Rosa", "Sinag", "Tala", "Vic")  # fmt: skip
LAST = ("Abad", "Bautista", "Castro", "Dizon", "Escobar", "Flores", "Garcia", "Ibarra", "Lim", "Mendoza", "Navarro",
        "Ocampo", "Pascual", "Ramos", "Santos", "Tan", "Uy", "Villanueva", "Yap", "Zamora")  # fmt: skip
CITIES = ("Quezon City", "Quezon City", "Quezon City", "Manila", "Marikina", "Pasig", "Baguio")
OPTED = ("yes", "yes", "yes", "no", "")
DRINKS = (("Spanish latte", 165), ("Brewed barako", 95), ("Spanish latte", 165))
BEANS = (("Sagada Washed, 250 g", 450), ("Drip bags, box of ten", 420), ("Sagada Washed, 250 g", 450))
RARE = (("Home brewing class", 1150), ("Beginner's brew kit", 1290))
LIST = "Loyalty cards (simulated)"
GROUPS = (
    ("Bean buyers gone quiet", ["and:bought:sagada", "or:bought:drip bags", "and:not_since:60"]),
    ("Learned to brew with us", ["and:bought:class", "or:bought:brew kit"]),
    ("Champions in Quezon City", ["and:cell:champions", "and:place:quezon city"]),
)


def entered(who: Who, now: datetime) -> None:
    """Import the receipts as anybody would, which also values the customers, and keep three groups."""
    audience.import_people(
        who,
        Upload("receipts-simulated.csv", _table(now)),
        consent_from="loyalty card, simulated",
        list_name=LIST,
    )
    for name, rule in GROUPS:
        audience.build_group(who, name, rule)


def _table(now: datetime) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    luck = Random("customers")  # noqa: S311 - a plausible past, no secret
    receipt = 0
    for n in range(1, CUSTOMERS + 1):
        name = f"{luck.choice(FIRST)} {luck.choice(LAST)}"
        email = f"{name.replace(' ', '.').lower()}{n}@example.com"
        about = (f"K{n:04}", name, email, luck.choice(CITIES), luck.choice(OPTED))
        for day, item, price in _visits(luck):
            receipt += 1
            at = (now - timedelta(days=DAYS - day)).date().isoformat()
            writer.writerow((*about, at, item, price, f"R{receipt:06}"))
    return text.getvalue().encode()


def _visits(luck: Random) -> Iterator[tuple[float, str, int]]:
    """Days of the year, what and for how much: people come at their own pace until they stay away for good."""
    at = DAYS * luck.random() ** 0.8
    pace = luck.gammavariate(0.7, 1 / 12)  # visits a day
    leaves = luck.betavariate(0.8, 4)  # after any visit
    loves = BEANS if luck.random() < 0.35 else DRINKS
    while at < DAYS:
        item, price = luck.choice(RARE if luck.random() < 0.02 else loves)
        yield at, item, price * luck.choice((1, 1, 1, 2))
        if luck.random() < leaves:
            return
        at += 0.6 + luck.expovariate(max(pace, 1e-4))
