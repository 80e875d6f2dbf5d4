"""What the demo's competitors posted lately, as a table somebody could have filled in, and their places on the map."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels

WEEKS = 8
US = "Kape Diwata"
FOLLOW: tuple[tuple[str, int, int], ...] = (  # who, how many follow them, how many of those follow us too
    ("Bughaw Coffee Bar", 3980, 870),
    ("Kanto Roasters", 1560, 240),
    ("Halcyon Beans", 7450, 310),
    ("Katipunan Study Club", 18400, 690),
)
OUR_FOLLOWERS = 2500
HEADS = ("page", "network", "date", "text", "type", "likes", "comments", "shares")
Said = tuple[str, str, float]  # text, kind, how much more it brings than their usual post
PAGES: tuple[tuple[str, float, float, tuple[Said, ...]], ...] = (
    (
        "Bughaw Coffee Bar", 6.2, 78,
        (
            ("Exam week! Study night until 2 a.m., free refills for students with an ID.", "image", 2.1),
            ("Study night playlist is up. What should we add?", "text", 1.8),
            ("Thesis defended? Show us the hard bound copy on study night, your latte is blue.", "reel", 2.3),
            ("New blue cup, same iced latte.", "image", 0.8),
            ("Rainy afternoon, iced spanish latte, window seat.", "image", 0.9),
            ("Barista Jun pulls a shot in eleven seconds. Too fast?", "reel", 1.2),
            ("We close at ten tonight for cleaning.", "text", 0.5),
            ("Ube latte is back for the weekend.", "carousel", 1.0),
        ),
    ),
    (
        "Kanto Roasters", 1.8, 36,
        (
            ("Brewed coffee, 45 pesos, no line before seven.", "image", 1.1),
            ("Sacks of beans for karinderya and offices: message us.", "text", 0.6),
            ("Price list for November.", "image", 0.9),
            ("Jeepney drivers drink first. Salamat, mga boss!", "reel", 2.0),
            ("Payday price: second cup 20 pesos.", "image", 1.4),
        ),
    ),
    (
        "Halcyon Beans", 4.5, 165,
        (
            ("Unboxing: Yirgacheffe, washed, in a new linen box.", "reel", 1.5),
            ("Gift box for Christmas: order before 10 December, we write the card.", "carousel", 1.9),
            ("Which gift box for your boss? Vote.", "poll", 1.6),
            ("Colombia Huila, notes of panela and orange.", "image", 0.8),
            ("How we photograph a bean.", "reel", 1.1),
            ("Free delivery to all provinces this week.", "image", 0.9),
        ),
    ),
)  # fmt: skip
AXES = ("cheap", "dear", "quick", "cosy")
OURS = (6, 8)
PLACES = {
    "Bughaw Coffee Bar": (5, 7, "visited in October"),
    "Kanto Roasters": (1, 2, "price list, November"),
    "Halcyon Beans": (9, 4, "ordered a bag in September"),
}


def watched(who: Who, now: datetime) -> None:
    """Take in the table of their posts, and draw the map."""
    brand.market.import_competitor_posts(who, Upload("competitors-by-hand.csv", _table(now)))
    brand.market.set_map(who, *AXES, *OURS)
    for rival in brand.competitors(who):
        brand.market.place_competitor(who, rival.pk, *PLACES[rival.name])


def _table(now: datetime) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    luck = Random("competitors")  # noqa: S311 - a plausible past, no secret
    for page, a_week, usual, said in PAGES:
        for n in range(round(a_week * WEEKS)):
            words, kind, times = said[n % len(said)]
            at = now - timedelta(weeks=WEEKS) + timedelta(weeks=n / a_week, hours=luck.uniform(0, 9))
            likes = usual * times * luck.lognormvariate(0, 0.6)
            counts = (
                round(likes),
                round(likes * luck.uniform(0.03, 0.12)),
                round(likes * luck.uniform(0.01, 0.06)),
            )
            writer.writerow(
                (page, "practice", at.isoformat(timespec="minutes"), f"{words} #{n + 1}", kind, *counts)
            )
    return text.getvalue().encode()


def followed(who: Who) -> None:
    """Lists of made-up follower ids, so that somebody can see how far they match ours."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("member", "page"))
    luck = Random("followers")  # noqa: S311 - a plausible past, no secret
    ours = range(OUR_FOLLOWERS)
    writer.writerows((f"made-up-{n}", US) for n in ours)
    for name, count, both in FOLLOW:
        writer.writerows((f"made-up-{n}", name) for n in luck.sample(ours, both))
        writer.writerows((f"made-up-{name}-{n}", name) for n in range(count - both))
    channels.beside.import_followers(who, Upload("followers-simulated.csv", text.getvalue().encode()))
