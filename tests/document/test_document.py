"""The strategy document: what it says, its three forms, its secret links, and what happens when a part is broken."""

import base64
import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest

from diskarte.core import clock
from diskarte.core.files.sniff import measured
from diskarte.core.given import Upload
from diskarte.core.jobs.run import run_tasks
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.document import actions, blocks, making, missing, paper, word
from diskarte.document.making import manuscript
from diskarte.document.models import Edition, Link
from diskarte.document.sections import ORDER, sections
from diskarte.stages.brand import actions as brand
from diskarte.start import actions as start
from diskarte.words import Problem
from tests.make import NOW, alice, bob, charlie
from tests.start.builders import answered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.at(NOW):
        yield


def begun(who):
    """A brand that took everything the guided start had to offer."""
    answered(who)
    for kind in ("mine", "voice", "portrait", "goal", "pillar", "platform"):
        start.take_all(who, kind)
    return who


def png():
    import pyvips

    return pyvips.Image.black(40, 20).copy(interpretation="srgb").bandjoin([0, 0]).pngsave_buffer()


def titles(edition):
    return [one["key"] for one in edition.content["sections"]]


def everything(edition):
    return str(edition.content)


def test_a_blank_brand_gets_a_document_of_what_is_missing():
    edition = actions.make(alice())
    assert titles(edition) == ["summary", "plan", "unknown"]
    whole = actions.gaps(alice())
    assert whole.share == 0
    assert [g.weight for g in whole.open][:4] == [5, 5, 5, 5], "the heaviest first"
    assert paper.pdf(manuscript(edition)).startswith(b"%PDF")
    assert word.docx(manuscript(edition)).startswith(b"PK")


def test_the_guided_start_fills_every_chapter():
    edition = actions.make(begun(alice()))
    assert titles(edition) == list(ORDER)
    told = everything(edition)
    for part in (
        "For office people nearby who want a table", "Spanish latte", "Kanto Milk Tea", "60 orders in a month",
        "Office regulars", "Skip the 8:30 line", "Facebook", "Useful", "Quiet and exact",
    ):  # fmt: skip
        assert part in told, part
    whole = actions.gaps(alice())
    assert 0.5 < whole.share < 1
    assert "plan" not in {g.name for g in whole.open if g.done == 1}


def test_what_nobody_measured_is_called_a_guess_in_the_document():
    who = begun(alice())
    told = {one["key"]: one for one in actions.make(who).content["sections"]}
    assert "the factor is a guess of the playbook" in str(told["goals"]["blocks"])
    assert any("from experience" in line for line in told["people"]["sources"])


def test_gaps_weigh_what_they_say():
    who = alice()
    empty = missing.whole(who)
    total = sum(g.weight for g in empty.gaps)
    brand.edit(who, tone="Warm.")
    one = missing.whole(who)
    assert one.share == pytest.approx(2 / total)
    brand.add_product(who, "Latte", Decimal(150))
    brand.add_product(who, "Board")
    assert missing.whole(who).share == pytest.approx(3 / total), "half of the products have a price"


def test_an_edition_stays_as_it_was():
    who = begun(alice())
    first = actions.make(who)
    brand.edit(who, sells="something else")
    second = actions.make(who)
    assert (first.number, second.number) == (1, 2)
    assert "the neighbourhood café" in everything(Edition.objects.get(number=1))
    assert "something else" in everything(second)


def test_it_speaks_filipino_or_says_what_it_speaks():
    who = begun(alice())
    edition = actions.make(who, "fil")
    assert edition.language == "fil"
    assert edition.content["words"]["contents"] == "Nilalaman"
    assert edition.content["sections"][0]["title"] != "The strategy on one page"
    with pytest.raises(Problem, match="speaks"):
        actions.make(who, "tlh")


def test_the_pdf_wears_the_brand_and_the_word_file_can_be_opened():
    who = begun(alice())
    brand.set_logo(who, Upload("logo.png", png()))
    edition = actions.make(who)
    assert edition.colour == "#7a3b1e"
    assert edition.logo is not None
    made = paper.pdf(manuscript(edition))
    assert made.startswith(b"%PDF")
    assert len(made) > 20_000
    import docx

    opened = docx.Document(io.BytesIO(word.docx(manuscript(edition))))
    words = " ".join(p.text for p in opened.paragraphs)
    assert "Kape Diwata" in words
    assert "Whom we want to reach" in words
    assert "Skip the 8:30 line" in " ".join(c.text for t in opened.tables for r in t.rows for c in r.cells)
    media = [
        n for n in zipfile.ZipFile(io.BytesIO(word.docx(manuscript(edition)))).namelist() if "media" in n
    ]
    assert len(media) >= 3, "the logo and the charts"


def test_what_somebody_typed_is_no_markup():
    who = begun(alice())
    nasty = (
        '#panic("x") *bold* <script>alert(1)</script> $x^2$ \\ @ref // not a comment #import "/etc/passwd"'
    )
    brand.edit(who, idea=nasty, sells=nasty)
    brand.add_product(who, nasty[:100], Decimal(1))
    edition = actions.make(who)
    assert nasty in everything(edition).replace("\\\\", "\\").replace('\\"', '"') or "#panic" in everything(
        edition
    )
    assert paper.pdf(manuscript(edition)).startswith(b"%PDF")
    assert word.docx(manuscript(edition)).startswith(b"PK")


def test_a_broken_chapter_is_left_out_and_named(monkeypatch):
    who = begun(alice())
    from diskarte.document.sections import goals as chapter

    monkeypatch.setattr(chapter, "section", lambda who: 1 / 0)
    found = {one.key: one for one in sections(who)}
    assert "goals" not in found
    assert "people" in found
    assert "goals" in found["lost"].lead


def test_every_chapter_named_is_there_and_keeps_plain_values():
    who = begun(alice())
    import json

    for one in sections(who):
        assert one.key in ORDER
        assert json.loads(json.dumps(one.plain())) == one.plain() or one.blocks
        assert all(block["kind"] in word.WRITERS for block in one.blocks)


def test_blocks_know_nothing_of_unknown_values():
    assert blocks.facts([("a", ""), ("b", "1")])["rows"] == [["b", "1"]]
    assert blocks.table(["x"], [[None]])["rows"] == [[""]]


def test_a_file_through_every_door():
    who = begun(alice())
    with pytest.raises(Problem, match="no edition yet"):
        actions.printed(who)
    actions.make(who)
    told = actions.printed(who, form="pdf")
    assert told.name == "kape-diwata-strategy-1.pdf"
    assert base64.b64decode(told.base64).startswith(b"%PDF")


# Secret links


def test_a_secret_link_opens_one_edition_without_an_account(client):
    who = begun(alice())
    edition = actions.make(who)
    opened = actions.share(who, edition.pk, 7, "The bank")
    path = opened.url.partition("/share/")[2]
    answer = client.get(f"/share/{path}")
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert "Office regulars" in page
    assert 'name="robots"' in page
    assert "/brand/" not in page, "no way into the product"
    assert client.get(f"/share/{path}?form=pdf").content.startswith(b"%PDF")
    assert client.get(f"/share/{path}?form=exe").status_code == 404
    assert actions.links(who)[0].seen == 3


def test_a_link_ends_by_itself_and_at_once(client):
    who = begun(alice())
    edition = actions.make(who)
    short, closed = actions.share(who, edition.pk, 1), actions.share(who, edition.pk, 30)
    actions.close(who, closed.link)
    assert client.get(closed.url.partition("8000")[2]).status_code == 404
    with clock.at(NOW + timedelta(days=2)):
        assert client.get(short.url.partition("8000")[2]).status_code == 404
        assert [one.state for one in actions.links(who)] == ["closed", "expired"]
    assert client.get("/share/guess/").status_code == 404
    for days in (0, 400):
        with pytest.raises(Problem):
            actions.share(who, edition.pk, days)


def test_removing_an_edition_takes_its_links_along():
    who = alice()
    edition = actions.make(who)
    actions.share(who, edition.pk)
    actions.remove(who, edition.pk)
    assert not Link.objects.exists()


def test_rights_and_strangers():
    edition = actions.make(alice())
    assert actions.edition(bob(), edition.pk) == edition
    of_it = (lambda w: actions.share(w, edition.pk), lambda w: actions.remove(w, edition.pk))
    for verb in (actions.make, actions.links, *of_it):
        with pytest.raises(Forbidden):
            verb(bob())
    for verb in (actions.edition, actions.share, actions.remove, actions.printed):
        with pytest.raises(Stranger):
            verb(charlie(), edition.pk)


def test_the_key_of_a_link_stands_in_no_audit():
    who = alice()
    edition = actions.make(who)
    opened = actions.share(who, edition.pk)
    from diskarte.core.people.models import Audit

    key = opened.url.rstrip("/").rpartition("/")[2]
    assert not any(key in str(line.changes) + str(line.given) for line in Audit.objects.all())


# Pages


def test_the_page_shows_what_is_missing_and_where_to_do_it(web, django_assert_max_num_queries):
    begun(alice())
    web.get("/kape-diwata/document/")
    with django_assert_max_num_queries(60):
        page = web.get("/kape-diwata/document/").content.decode()
    assert "Two weeks of posts in the plan" in page
    assert 'href="/kape-diwata/plan/"' in page
    given = {"language": "en", "next": "/kape-diwata/document/{id}/"}
    done = web.post("/kape-diwata/do/document.make", given, follow=True)
    assert "Who may read it?" in done.content.decode()
    edition = Edition.objects.get()
    answer = web.get(f"/kape-diwata/document/{edition.pk}/strategy.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert web.get(f"/kape-diwata/document/{edition.pk}/strategy.exe").status_code == 404


def test_a_stranger_finds_no_document(client, db):
    edition = actions.make(alice())
    client.force_login(charlie().person)
    for path in ("", f"{edition.pk}/", f"{edition.pk}/strategy.pdf", f"{edition.pk}/page-1.webp"):
        assert client.get(f"/kape-diwata/document/{path}").status_code == 404
    assert client.get(f"/charlies-tea/document/{edition.pk}/").status_code == 404


def test_the_command_line_writes_the_file(tmp_path, capsys):
    from diskarte.doors import verbs
    from diskarte.doors.cli import _gives_folder, written

    who = alice()
    actions.make(who)
    assert _gives_folder(verbs()["document.printed"])
    from diskarte.core.plain import plain

    told = written(plain(actions.printed(who, form="docx")), tmp_path / "out" / "strategy.docx")
    assert "bytes written to" in told
    assert (tmp_path / "out" / "strategy.docx").read_bytes().startswith(b"PK")


# Made behind the page


def page_of(web, address):
    answer = web.get(f"/kape-diwata/document/{address}")
    assert answer.status_code == 200
    return answer


def test_an_edition_is_made_behind_the_page_and_says_how_far_it_is(web):
    alice()
    answer = web.post(
        "/kape-diwata/do/document.begin", {"language": "en", "next": "/kape-diwata/document/{id}/"}
    )
    row = Edition.objects.get()
    assert answer.headers["Location"].endswith(f"/document/{row.pk}/")
    told = page_of(web, f"{row.pk}/").content.decode()
    assert "Edition 1 is being made" in told
    assert "Waiting for its turn" in told
    Edition.objects.update(step=4)
    piece = page_of(web, f"{row.pk}/progress/")
    assert "The goals" in piece.content.decode()
    assert "HX-Refresh" not in piece
    with pytest.raises(Problem, match="not made yet"):
        actions.share(alice(), row.pk)
    told = page_of(web, "").content.decode()
    assert "not finished" in told
    assert f'hx-get="/kape-diwata/document/{row.pk}/progress/"' in told
    run_tasks()
    assert page_of(web, f"{row.pk}/progress/")["HX-Refresh"] == "true"
    told = page_of(web, f"{row.pk}/").content.decode()
    assert "Who may read it?" in told
    row.refresh_from_db()
    assert bytes(row.pdf).startswith(b"%PDF")
    assert actions.drawn(row, "pdf")[2] == bytes(row.pdf)
    told = page_of(web, "").content.decode()
    assert told.count("Page 1 of the document") == 1
    assert {int(n) for n in row.pages} == set(paper.SHOWN)
    for number in paper.SHOWN:
        assert f"/document/{row.pk}/page-{number}.webp" in told
        picture = page_of(web, f"{row.pk}/page-{number}.webp")
        assert (picture["Content-Type"], measured("image/webp", picture.content).width) == ("image/webp", 661)
    assert web.get(f"/kape-diwata/document/{row.pk}/page-{number + 1}.webp").status_code == 404
    assert actions.drawn(row, "docx")[2].startswith(b"PK")


def test_made_behind_the_page_it_says_the_same_as_at_once():
    who = begun(alice())
    at_once, behind = actions.make(who, "fil"), actions.begin(who, "fil")
    run_tasks()
    behind.refresh_from_db()
    assert behind.content["sections"] == at_once.content["sections"]
    assert (behind.state, behind.number) == ("ready", at_once.number + 1)
    told = actions.making(who, behind.pk)
    assert (told.state, told.step) == ("ready", told.steps)


def test_an_edition_that_broke_can_be_made_again(web, monkeypatch):
    who = alice()
    with monkeypatch.context() as broken:
        broken.setattr(making, "PRESS", "no.such.press")
        row = actions.begin(who)
        run_tasks()
    assert actions.making(who, row.pk).state == "failed"
    assert "was not finished" in page_of(web, f"{row.pk}/").content.decode()
    with pytest.raises(Problem, match="no edition"):
        actions.printed(who)
    actions.begin_again(who, row.pk)
    run_tasks()
    assert actions.making(who, row.pk).state == "ready"
    assert actions.begin_again(who, row.pk).state == "ready"  # nothing to do


def test_an_edition_nobody_works_on_is_given_up_and_a_removed_one_is_not_made():
    row = actions.begin(alice())
    with clock.at(NOW + 2 * making.STALE):
        assert actions.making(alice(), row.pk).state == "making"  # no worker has come yet: it waits
        Edition.objects.update(step=2)
        assert actions.making(alice(), row.pk).state == "failed"
    row.delete()
    run_tasks()
    assert not Edition.objects.exists()


def test_who_may_begin_an_edition():
    with pytest.raises(Forbidden):
        actions.begin(bob())
    row = actions.begin(alice())
    with pytest.raises(Stranger):
        actions.making(charlie(), row.pk)
    with pytest.raises(Stranger):
        actions.begin_again(charlie(), row.pk)
