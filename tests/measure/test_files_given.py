"""Files people give: pages after each outcome, plain tables, channels, zips, followers, the command line."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.doors import cli
from diskarte.stages.measure import actions, rules
from diskarte.stages.measure.models import Import
from diskarte.words import Metric, Problem
from tests.make import alice, bob, charlie
from tests.publish.builders import a_channel

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/measure/imports/"
POSTS = "date,text,kind,views,likes\n2026-11-01 09:00,Good morning,reel,100,5\n2026-11-02 10:00,Beans,image,200,7\n"


def a_file(text=POSTS, name="posts.csv"):
    return Upload(name, text.encode())


def give(web, verb, text, name="posts.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return web.post(f"/kape-diwata/do/measure.{verb}", {"files": file, "next": HOME}, follow=True)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2\n", b"\xff\xfe\x00", b"date,text\n"])
@pytest.mark.parametrize("verb", ["preview_numbers", "import_numbers"])
def test_the_page_stands_whatever_was_given(web, verb, content):
    assert give(web, verb, content, "odd.csv").status_code == 200
    page = web.get(HOME)
    assert page.status_code == 200
    assert "odd.csv" in page.content.decode()


def test_the_page_after_a_refused_file_says_why_and_what_to_do(web):
    give(web, "import_numbers", "name,colour\nAna,red\n", "people.csv")
    (row,) = actions.imports(alice(), "refused")
    page = web.get(HOME).content.decode()
    assert row.why in page.replace("&#x27;", "'")
    assert row.do in page.replace("&#x27;", "'")


def test_the_page_shows_all_three_fates_side_by_side(web, django_assert_max_num_queries):
    give(web, "import_numbers", POSTS)
    give(web, "import_numbers", "a,b\n1,2\n", "bad.csv")
    give(web, "preview_numbers", POSTS, "later.csv")
    with django_assert_max_num_queries(15):
        page = web.get(HOME).content.decode()
    for name in ("posts.csv", "bad.csv", "later.csv"):
        assert name in page
    assert {row.state for row in actions.imports(alice())} == {"taken", "refused", "looked"}


def test_a_file_that_vanished_between_looking_and_taking(settings):
    who = alice()
    (row,) = actions.preview_numbers(who, [a_file()])
    (settings.DATA / row.path).unlink()
    (told,) = actions.confirm_import(who, [row.pk])
    assert (told.state, told.path) == ("refused", "")
    assert told.why
    assert not Publication.objects.exists()


def test_confirming_twice_takes_in_once():
    who = alice()
    (row,) = actions.preview_numbers(who, [a_file()])
    actions.confirm_import(who, [row.pk])
    (again,) = actions.confirm_import(who, [row.pk])
    assert (again.state, again.report["new"]) == ("taken", 2)
    assert Publication.objects.count() == 2


def test_what_was_taken_in_is_not_thrown_away():
    who = alice()
    (row,) = actions.import_numbers(who, [a_file()])
    actions.drop_import(who, [row.pk])
    assert Import.objects.filter(pk=row.pk).exists()


def test_a_plain_table_belongs_to_the_channel_it_is_given_for():
    who, channel = alice(), a_channel("Harbour")
    actions.import_numbers(who, [a_file()], channel.pk)
    assert {(p.channel, p.network) for p in Publication.objects.all()} == {(channel, "practice")}
    actions.import_numbers(who, [a_file()])  # without a channel it is another place
    assert Publication.objects.filter(network="import").count() == 2
    with pytest.raises(Stranger):
        actions.import_numbers(charlie(), [a_file()], channel.pk)


def test_the_same_post_twice_in_one_file_is_one_post_with_the_larger_numbers():
    text = POSTS + "2026-11-01 09:00,Good morning,reel,150,4\n"
    (row,) = actions.import_numbers(alice(), [a_file(text)])
    assert (row.report["new"], row.report["twice"]) == (2, 1)
    post = Publication.objects.get(text="Good morning")
    assert (post.views, post.likes) == (150, 5)


def test_two_brands_with_the_same_file_do_not_meet():
    actions.import_numbers(alice(), [a_file()])
    (row,) = actions.import_numbers(charlie(), [a_file()])
    assert row.report["new"] == 2
    assert Publication.objects.count() == 4


def test_columns_nobody_asked_for_are_named_not_guessed():
    (row,) = actions.import_numbers(alice(), [a_file("date,text,mood\n2026-11-01 09:00,Hi,happy\n")])
    assert row.report["ignored"] == ["mood"]


def test_followers_of_a_channel_belong_to_it():
    who, channel = alice(), a_channel("Harbour")
    text = "date,followers\n2026-11-01,1000\n2026-11-02,\n2026-11-03,1010\n"
    actions.import_numbers(who, [Upload("followers.csv", text.encode())], channel.pk)
    assert [(r.value, r.channel, r.metric) for r in actions.followers(who)] == [
        (1000, channel, Metric.FOLLOWERS), (1010, channel, Metric.FOLLOWERS),
    ]  # fmt: skip
    assert not Reading.objects.filter(value=0).exists()


def a_zip(**files):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return box.getvalue()


@pytest.mark.parametrize("content", [b"PK but not really", a_zip(one=POSTS).replace(b"Beans", b"Peans")])
def test_a_damaged_zip_is_told_and_nothing_is_half_taken(content):
    with pytest.raises(Problem, match=r"all\.zip"):
        actions.import_numbers(alice(), [a_file(), Upload("all.zip", content)])
    assert not Import.objects.exists()
    assert not Publication.objects.exists()


def test_a_zip_inside_folders_brings_every_table():
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("2026/a.csv", POSTS)
        archive.writestr("2026/b.CSV", POSTS.replace("2026-11", "2026-10"))
        archive.writestr("picture.png", b"\x89PNG")
    rows = actions.import_numbers(alice(), [Upload("all.zip", box.getvalue())])
    assert [row.name for row in rows] == ["a.csv", "b.CSV"]
    assert Publication.objects.count() == 4


def test_an_import_is_one_line_in_the_record_and_numbers_are_not_undone_row_by_row():
    actions.import_numbers(alice(), [a_file()])
    line = Audit.objects.get(verb="measure.import_numbers")
    assert {change["model"] for change in line.changes} == {"measure.import"}  # the ledger itself is silent


CALLS = {
    "preview_numbers": {"files": []},
    "confirm_import": {"imports": [1]},
    "drop_import": {"imports": [1]},
}


@pytest.mark.parametrize("verb", CALLS)
def test_an_author_does_not_import(verb):
    with pytest.raises(Forbidden):
        ALL[f"measure.{verb}"].run(bob(), CALLS[verb])


def test_a_stranger_cannot_confirm_or_drop():
    (row,) = actions.preview_numbers(alice(), [a_file()])
    for verb in (actions.confirm_import, actions.drop_import):
        with pytest.raises(Stranger):
            verb(charlie(), [row.pk])
    assert actions.imports(charlie()) == []
    assert actions.imports(alice(), "looked") == [row]


def test_numbers_by_the_command_line(tmp_path, monkeypatch):
    asks = ["--brand", alice().brand.slug, "--as", alice().person.email]
    monkeypatch.setattr("sys.argv", ["diskarte", "measure"])
    (tmp_path / "one.csv").write_text(POSTS)
    (tmp_path / "two.csv").write_text(POSTS.replace("2026-11", "2026-10"))
    files = [word for name in ("one.csv", "two.csv") for word in ("--files", str(tmp_path / name))]
    answer = CliRunner().invoke(cli.app, ["measure", "import-numbers", *files, *asks])
    assert answer.exit_code == 0, answer.output
    assert [row["state"] for row in json.loads(answer.stdout)] == ["taken", "taken"]
    answer = CliRunner().invoke(cli.app, ["measure", "posts", "--sort", "views", "--limit", "1", *asks])
    assert [row["views"] for row in json.loads(answer.stdout)] == [200]
    answer = CliRunner().invoke(
        cli.app, ["measure", "overview", "--start", "2026-11-01", "--end", "2026-11-30", *asks]
    )
    told = json.loads(answer.stdout)
    assert (told["posts"], told["posts_before"], told["engaged"]["value"]) == (
        2,
        1,
        12,
    )  # 1 October is a day too early
    missing = CliRunner().invoke(
        cli.app, ["measure", "import-numbers", "--files", str(tmp_path / "no.csv"), *asks]
    )
    assert missing.exit_code == 1
    assert "no.csv" in str(missing.exception)


class Shape:
    """A described export, as `networks/_exports.py` describes one."""

    network, id, url, text, at, kind, media, reply_mark = "", "id", "link", "text", "date", "kind", "", "@"
    utc, has_hour, kinds, counts = False, True, {"reel": "reel"}, {Metric.LIKES: ("likes", "hearts")}
    formats = ("%Y-%m-%d",)


def read(**row):
    from datetime import UTC

    return rules.read_row(Shape, {"date": "2026-11-01", "text": "Hi"} | row, UTC)


@pytest.mark.parametrize(
    ("row", "remote_id"),
    [
        ({"id": " 7 "}, "7"),
        ({"id": "", "link": "http://x/1"}, "http://x/1"),
        ({"id": "7", "link": "http://x/1"}, "7"),
    ],
)
def test_an_id_is_the_networks_else_the_address(row, remote_id):
    assert read(**row).remote_id == remote_id


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_made_id_tells_two_texts_apart_and_the_same_again(one, two):
    assert (read(text=one).remote_id == read(text=two).remote_id) == (one == two)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"kind": " Reel"}, "reel"),
        ({"kind": "opera"}, "text"),
        ({"text": "See https://kape.ph"}, "link"),
        ({}, "text"),
    ],
)
def test_the_kind_of_a_row(row, kind):
    assert read(**row).kind == kind


def test_the_first_name_of_a_column_that_is_filled_counts():
    assert read(likes="", hearts="4").counts == {Metric.LIKES: 4}
    assert read(Likes="5", hearts="4").counts == {Metric.LIKES: 5}


@given(st.dictionaries(st.sampled_from(list(Metric)), st.integers(0, 10**6)), st.data())
def test_totals_never_shrink(new, data):
    old = {m.value: data.draw(st.none() | st.integers(0, 10**6)) for m in new}
    after = old | rules.merged(old, new)
    for metric, value in new.items():
        assert after[metric.value] == max(value, old[metric.value] or 0)
