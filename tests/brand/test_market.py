"""The market: competitors' posts taken in or read, who gets the attention, and the positioning map."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.brand import actions, market
from diskarte.stages.brand.models import Competitor, RivalPost
from diskarte.words import Problem
from tests.brand.builders import a_rival
from tests.conftest import shared
from tests.make import NOW, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db
HEAD = "page,network,date,text,type,likes,comments,shares,url\n"


@pytest.fixture(autouse=True)
def today():
    with clock.at(NOW):
        yield


def table(*lines: str, head: str = HEAD) -> Upload:
    return Upload("rivals.csv", (head + "\n".join(lines)).encode())


def post(page: str, day: int, likes: str = "10", text: str = "hello there") -> str:
    return f"{page},facebook,2026-11-{day:02d} 18:00,{text},photo,{likes},1,2,https://f.example/{page}/{day}"


def test_good_rows_are_kept_and_bad_ones_come_back():
    who = alice()
    file = market.import_competitor_posts(
        who,
        table(
            post("Kanto", 1), post("Kanto", 2, "many"), post("Bean", 3), "Kanto,facebook,someday,x,,1,1,1,"
        ),
    )
    assert file.told == {
        "rows": 4, "bad": 2, "new": 2, "updated": 0, "same": 0, "competitors": ["Kanto", "Bean"], "ignored": []
    }  # fmt: skip
    bad = market.competitor_bad_rows(who, file.pk)
    assert "«many» is not a number" in bad
    assert "«someday» is not a date we can read" in bad
    kept = RivalPost.objects.get(competitor__name="Kanto")
    assert (kept.kind, kept.likes, kept.replies, kept.shares) == ("image", 10, 1, 2)
    assert kept.at == datetime(2026, 11, 1, 10, tzinfo=UTC)  # 18:00 in Manila


def test_a_file_given_twice_changes_nothing_and_a_later_one_adds():
    who = alice()
    market.import_competitor_posts(who, table(post("Kanto", 1)))
    assert market.import_competitor_posts(who, table(post("Kanto", 1))).told["same"] == 1
    assert market.import_competitor_posts(who, table(post("Kanto", 1, "25"))).told["updated"] == 1
    assert market.import_competitor_posts(who, table(post("Kanto", 1, ""))).told["same"] == 1
    assert RivalPost.objects.get().likes == 25
    assert Competitor.objects.count() == 1


def test_a_file_taken_back_takes_its_posts_with_it():
    who = alice()
    file = market.import_competitor_posts(who, table(post("Kanto", 1)))
    market.remove_competitor_file(who, file.pk)
    assert not RivalPost.objects.exists()
    assert Competitor.objects.get().name == "Kanto"


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (table("a,b", head="x,y\n"), "no column with the date"),
        (table("2026-11-01,hello", head="date,text\n"), "whose posts"),
        (table("Kanto,2026-11-01,hello", head="page,date,text\n"), "on which network"),
        (
            table("Kanto,facebook,someday,hi", head="page,network,date,text\n"),
            "No row of «rivals.csv» can be read",
        ),
        (Upload("rivals.pdf", b"%PDF-1.7"), "PDF"),
        (Upload("empty.csv", b""), "empty"),
    ],
)
def test_a_file_of_no_use_says_why(upload, says):
    with pytest.raises(Problem, match=says):
        market.import_competitor_posts(alice(), upload)
    assert not RivalPost.objects.exists()


def test_what_the_file_does_not_say_can_be_chosen():
    who = alice()
    rival = a_rival(who)
    upload = table("2026-11-01,hello,5", head="Posted,Caption,Reactions\n")
    market.import_competitor_posts(who, upload, rival.pk, "Facebook")
    kept = RivalPost.objects.get()
    assert (kept.competitor, kept.network, kept.likes, kept.text) == (rival, "facebook", 5, "hello")


def test_days_before_months_are_told_by_the_column():
    who = alice()
    market.import_competitor_posts(who, table(
        "Kanto,facebook,3/11/2026,a,,1,,,u1", "Kanto,facebook,13/11/2026,b,,1,,,u2"))  # fmt: skip
    assert sorted(RivalPost.objects.values_list("at__month", "at__day")) == [(11, 3), (11, 13)]


RUSSIAN = "page,network,date,text,likes\nКофейня,vk,01.11.2026 18:00,Привет,12\n"
CAFE = "page;network;date;text;likes\nNiño;facebook;01.11.2026;Café;1 204\n"


def workbook() -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Exported 2 November 2026"])
    book.active.append(["Page", "Network", "Date", "Text", "Likes"])
    book.active.append(["Kanto", "Facebook", datetime(2026, 11, 1, 18), "hello", 7])
    box = io.BytesIO()
    book.save(box)
    return box.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "page", "likes"),
    [
        (RUSSIAN.encode("cp1251"), "a.csv", "Кофейня", 12),
        (RUSSIAN.encode("utf-16"), "a.csv", "Кофейня", 12),
        (("\ufeff" + RUSSIAN).encode(), "a.csv", "Кофейня", 12),
        (CAFE.encode("cp1252"), "a.csv", "Niño", 1204),
        (RUSSIAN.replace(",", "\t").encode(), "a.tsv", "Кофейня", 12),
        (workbook(), "a.xlsx", "Kanto", 7),
    ],
)
def test_every_encoding_and_kind_of_table_is_read(content, name, page, likes):
    market.import_competitor_posts(alice(), Upload(name, content))
    kept = RivalPost.objects.get()
    assert (kept.competitor.name, kept.likes) == (page, likes)
    assert kept.at.astimezone(alice().brand.zone).date().isoformat() == "2026-11-01"


@pytest.mark.parametrize(
    ("date", "likes", "why"),
    [
        ("Monday", "1", "not a date we can read"), ("May 3", "1", "not a date we can read"), ("", "1", "missing"),
        ("2062-01-01", "1", "in the future"), ("31/02/2026", "1", "not a date"), ("2026-11-01", "₱120", "not a number"),
        ("2026-11-01", "-3", "not a count"), ("2026-11-01", "1.5", "not a count"),
        ("2026-11-01", "=1+1", "not a number"),
    ],
)  # fmt: skip
def test_a_wrong_date_or_count_comes_back_with_its_reason(date, likes, why):
    good = post("Kanto", 1)
    file = market.import_competitor_posts(
        alice(), table(good, f"Kanto,facebook,{date},x,photo,{likes},1,2,u2")
    )
    assert (file.told["new"], file.told["bad"]) == (1, 1)
    bad = market.competitor_bad_rows(alice(), file.pk)
    assert why in bad
    assert ",=1+1" not in bad  # a formula goes out disarmed


def test_shortened_counts_and_formulas_and_twins_of_one_file():
    rows = ["Kanto,facebook,2026-11-01,=HYPERLINK(1),photo,1.2K,3M,,u1"] * 2
    file = market.import_competitor_posts(alice(), table(*rows))
    kept = RivalPost.objects.get()
    assert (kept.likes, kept.replies, kept.shares, kept.text) == (1200, 3_000_000, None, "=HYPERLINK(1)")
    assert file.told["new"] == 1


def test_nine_real_pages_are_compared():
    """2,282 real posts of nine pages: taken in as they were exported, compared on one network."""
    who = alice()
    raw = shared("data", "buzzfeed_fb_pages", "facebook-fact-check.csv").read_bytes()
    file = market.import_competitor_posts(who, Upload("facebook-fact-check.csv", raw), network="facebook")
    assert (file.told["rows"], file.told["bad"], len(file.told["competitors"])) == (2282, 0, 9)
    with clock.at(datetime(2016, 10, 1, tzinfo=UTC)):
        [found] = market.market(who)
    assert (found.network, found.posts, len(found.sides)) == ("facebook", 2282, 9)
    tops = [side.page for side in found.sides]
    assert set(tops[:2]) == {"Occupy Democrats", "The Other 98%"}
    assert not set(found.sides[0].level.letters) & set(found.sides[-1].level.letters)
    assert sum(side.share.share for side in found.sides) == pytest.approx(1)
    assert found.breakouts
    assert found.breakouts[0].times > 20


def rows(page: str, count: int, likes: int) -> list[str]:
    return [
        post(page, 1 + n % 28, str(likes + n % 5)).replace(f"/{page}/", f"/{page}{n}/") for n in range(count)
    ]


def ours(who, count: int, likes: int) -> None:
    for n in range(count):
        facts = {"network": "facebook", "remote_id": str(n), "kind": "image", "text": "hello there"}
        at = NOW - timedelta(days=1 + n % 20)
        Publication.objects.create(brand=who.brand, at=at, likes=likes + n % 4, **facts)


def test_the_comparison_with_ourselves_and_its_doubt(web):
    who = alice()
    market.import_competitor_posts(who, table(*rows("Kanto", 30, 80), *rows("Bean", 3, 13)))
    ours(who, 20, 15)
    [found] = market.market(who)
    sides = {side.page: side for side in found.sides}
    assert found.sides[0].page == "Kanto"
    assert sides["Bean"].level.few
    assert not set(sides["Kanto"].level.letters) & set(sides[""].level.letters)
    assert set(sides["Bean"].level.letters) & set(sides[""].level.letters)
    assert sides["Kanto"].share.low < sides["Kanto"].share.share < sides["Kanto"].share.high
    assert sides["Kanto"].a_week_low < 30 / (27 / 7) < sides["Kanto"].a_week_high
    page = web.get("/kape-diwata/brand/market/").content.decode()
    assert "A usual post of Kanto brings 85, ours 20: they are ahead." in page or "they are ahead" in page


def test_posts_of_the_last_weeks_speak_in_the_comparison():
    who = alice()
    market.import_competitor_posts(who, table(*rows("Kanto", 28, 80)))
    ours(who, 20, 15)
    [compared] = actions.compare(who)
    behind = {line.factor: line for line in compared.behind}
    assert "usual" in behind
    assert "rivals.csv" in behind["usual"].evidence


def test_one_lucky_post_puts_nobody_ahead():
    who = alice()
    market.import_competitor_posts(who, table(*rows("Kanto", 28, 80)))
    ours(who, 20, 15)
    Publication.objects.filter(brand=who.brand, remote_id="0").update(likes=100_000)
    [compared] = actions.compare(who)
    assert "usual" in {line.factor for line in compared.behind}
    assert "engagement" not in {line.factor for line in compared.ahead}


def test_an_empty_market_says_what_to_do(web, django_assert_max_num_queries):
    web.get("/kape-diwata/brand/market/")  # the rail is asked anew after a write
    with django_assert_max_num_queries(15):
        page = web.get("/kape-diwata/brand/market/").content.decode()
    assert "No posts of competitors are known" in page
    assert web.get("/kape-diwata/brand/market/import/").status_code == 200
    assert web.get("/kape-diwata/brand/market/map/").status_code == 200


def test_the_map_holds_what_is_said_and_by_whom(web):
    who = alice()
    rival = a_rival(who)
    told = market.set_map(who, "cheap", "dear", "quick", "cosy", 4, 9)
    assert [p.name for p in told.placed] == ["Kape Diwata"]
    market.place_competitor(who, rival.pk, 0, 2, "their menu, October")
    told = market.positioning_map(who)
    assert [(p.name, p.x, p.y, p.source) for p in told.placed] == [
        ("Kape Diwata", 4, 9, ""),
        ("Kanto Roasters", 0, 2, "their menu, October"),
    ]
    assert "their menu, October" in web.get("/kape-diwata/brand/market/").content.decode()


def test_a_place_outside_the_map_is_refused():
    who = alice()
    with pytest.raises(Problem, match="from 0 to 10"):
        market.set_map(who, "a", "b", "c", "d", 11, 0)
    with pytest.raises(Problem, match="all four"):
        market.set_map(who, "a", "", "c", "d")
    with pytest.raises(Problem, match="from 0 to 10"):
        market.place_competitor(who, a_rival(who).pk, -1, 0)


def test_strangers_and_readers_are_kept_out():
    who = alice()
    rival, file = a_rival(who), market.import_competitor_posts(who, table(post("Kanto", 1)))
    assert market.market(bob())
    for call in (
        lambda: market.remove_competitor_file(charlie(), file.pk),
        lambda: market.competitor_bad_rows(charlie(), file.pk),
        lambda: market.place_competitor(charlie(), rival.pk, 1, 1),
    ):
        with pytest.raises(Stranger):
            call()
    assert market.market(charlie()) == []
    with pytest.raises(Forbidden):
        market.import_competitor_posts(a_member("Dina", "analyst", who.brand), table(post("Kanto", 2)))
