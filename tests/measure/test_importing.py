import csv
import io
from statistics import median_low

import pytest

from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.networks._exports import recognise
from diskarte.stages.measure import actions
from diskarte.stages.measure.models import Import
from tests.conftest import shared
from tests.make import alice, bob, charlie

pytestmark = pytest.mark.django_db
PLAIN = (
    "date,text,views,likes,replies\n2026-11-01 09:00,Good morning,100,5,\n2026-11-02 10:00,Beans,200,abc,1\n"
)


def a_file(text, name="posts.csv", encoding="utf-8"):
    return Upload(name, text.encode(encoding))


def taken(who, *uploads):
    return actions.import_numbers(who, list(uploads))


def test_good_rows_come_in_and_bad_rows_come_back():
    who = alice()
    (row,) = taken(who, a_file(PLAIN))
    assert (row.state, row.report["new"], row.report["bad"]) == ("taken", 1, 1)
    told = list(csv.reader(io.StringIO(row.bad_rows)))
    assert told[1][:2] == ["3", "«abc» is not a number"]
    assert told[1][2:] == ["2026-11-02 10:00", "Beans", "200", "abc", "1"]
    post = Publication.objects.get()
    assert (post.views, post.likes, post.replies, post.engaged) == (100, 5, None, 5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_encodings(encoding):
    text = "date;text;views\n2026-11-01 09:00;Привет, кофе и друзья, доброе утро всем;100\n"
    (row,) = taken(alice(), a_file(text, encoding=encoding))
    assert (row.state, row.report["new"]) == ("taken", 1)
    assert Publication.objects.get().text.startswith("Привет")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"name,colour\nAna,red\n", "columns"),
        (b"%PDF-1.7 something", "not a table"),
        (b"Date,Tweets published,impressions\n2020-01-01,3,100\n", "X, days"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(content, says):
    (row,) = taken(alice(), Upload("file.csv", content))
    assert row.state == "refused"
    assert says in row.why
    assert row.do
    assert not Publication.objects.exists()


def test_a_bad_file_does_not_harm_the_good_one_beside_it():
    rows = taken(alice(), a_file(PLAIN), Upload("bad.csv", b"a,b\n1,2\n"))
    assert [row.state for row in rows] == ["taken", "refused"]
    assert Publication.objects.count() == 1


def test_importing_twice_changes_nothing_and_a_later_export_updates():
    who = alice()
    taken(who, a_file(PLAIN))
    (again,) = taken(who, a_file(PLAIN))
    assert (again.report["new"], again.report["same"]) == (0, 1)
    (later,) = taken(who, a_file(PLAIN.replace("100,5", "150,4")))
    assert later.report["updated"] == 1
    post = Publication.objects.get()
    assert (post.views, post.likes) == (150, 5)  # totals only grow


def test_looking_through_imports_nothing_until_confirmed(settings):
    who = alice()
    (row,) = actions.preview_numbers(who, [a_file(PLAIN)])
    assert (row.state, row.report["rows"], row.report["bad"]) == ("looked", 1, 1)
    assert not Publication.objects.exists()
    assert actions.standing(who).needs
    kept = settings.DATA / row.path
    assert kept.exists()
    actions.confirm_import(who, [row.pk])
    assert Publication.objects.count() == 1
    assert not kept.exists()


def test_throwing_away_forgets_the_file(settings):
    who = alice()
    (row,) = actions.preview_numbers(who, [a_file(PLAIN)])
    kept = settings.DATA / row.path
    actions.drop_import(who, [row.pk])
    assert not kept.exists()
    assert not Import.objects.exists()


def test_followers_become_readings():
    who = alice()
    text = "date,followers\n2026-11-01,1000\n2026-11-02,1010\n"
    (row,) = taken(who, a_file(text))
    assert row.report["new"] == 2
    assert [r.value for r in Reading.objects.order_by("at")] == [1000, 1010]
    (again,) = taken(who, a_file(text))
    assert again.report["new"] == 0


def test_a_zip_of_exports():
    import zipfile

    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("a/one.csv", PLAIN)
        archive.writestr("readme.txt", "hello")
    (row,) = taken(alice(), Upload("all.zip", box.getvalue()))
    assert row.report["new"] == 1


def test_rights():
    with pytest.raises(Forbidden):
        taken(bob(), a_file(PLAIN))
    (row,) = taken(alice(), a_file(PLAIN))
    with pytest.raises(Stranger):
        actions.bad_rows(charlie(), row.pk)
    assert actions.posts(charlie()) == []


def test_the_headers_people_really_get_are_recognised_or_refused_with_a_reason():
    path = shared("data", "export_headers", "export_headers.csv")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    ours = [r for r in rows if r["platform"] in ("x", "tiktok") and "level" in r["export"]]
    assert ours
    for row in ours:
        headers = next(csv.reader([row["header"]]))
        found = recognise(headers)
        assert found is not None, row["export"]
        assert found.network == row["platform"]
        assert bool(found.refuse) == ("day level" in row["export"])


def test_five_years_of_genuine_exports():
    folder = shared("data", "x_exports_ropensci", "raw")
    files = [Upload(p.name, path=p) for p in sorted(folder.glob("tweet_activity_*.csv"))]
    assert len(files) == 60
    who = alice()
    rows = actions.import_numbers(who, files)
    assert {row.state for row in rows} == {"taken"}
    assert sum(row.report["bad"] for row in rows) == 0
    posts = Publication.objects.all()
    assert posts.count() == sum(row.report["new"] for row in rows) == 1668
    assert median_low(p.views for p in posts) == 4320  # the published median of impressions
    replies = posts.filter(is_reply=True).count()
    assert 0 < replies < 600
    seen = actions.overview(who)
    assert (
        seen.posts
        == posts.filter(at__date__gt="2021-09-30", is_reply=False, at__date__lte=seen.period.end)
        .filter(at__date__gte=seen.period.start)
        .count()
    )
