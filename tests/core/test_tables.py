"""Tables as people really give them: any encoding, any delimiter, a spreadsheet, or no table at all."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from unittest import mock

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core.given import Upload
from diskarte.core.tables import (
    EXTRA,
    day_first,
    encoding,
    match_headers,
    read,
    read_day,
    read_number,
    rejected,
    write_csv,
)
from diskarte.words import Problem
from tests.conftest import shared

PEOPLE = "name,email\nMaria Peña,maria@example.com\nJosé Niño,jose@example.com\n"
RUSSIAN = "имя;город\nИван Петров;Москва\nАнна Котова;Пермь\n"


def table(content: bytes | str, name: str = "people.csv", **more):
    return read(Upload(name, content.encode() if isinstance(content, str) else content), **more)


def rows(found):
    return [row for _number, row in found.rows]


def workbook(*sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (PEOPLE, "utf-8", "utf-8"),
        (PEOPLE, "utf-8-sig", "utf-8"),
        (PEOPLE, "utf-16", "utf-16"),
        (PEOPLE, "utf-16-le", "utf-16"),
        (PEOPLE, "utf-16-be", "utf-16"),
        (PEOPLE, "utf-32", "utf-32"),
        (PEOPLE, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "utf-16", "utf-16"),
    ],
)
def test_encodings_are_recognised(text, encoding, told):
    found = table(text.encode(encoding))
    assert found.encoding == told
    lines = [line.replace(";", ",").split(",") for line in text.splitlines()]
    assert found.headers == lines[0]
    assert [list(row.values()) for row in rows(found)] == lines[1:]


def test_letters_beyond_ascii_far_down_the_file_are_found_too():
    late = "name\n" + "Maria\n" * 100_000 + "Peña\n"
    assert rows(table(late.encode("cp1252")))[-1] == {"name": "Peña"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(mark):
    found = table(PEOPLE.replace(",", mark))
    assert found.delimiter == mark
    assert rows(found)[0] == {"name": "Maria Peña", "email": "maria@example.com"}


def test_a_delimiter_inside_quotes_and_commas_in_numbers_do_not_confuse():
    found = table('shop;spent\n"Reyes, Ana";1,50\n"Cruz; Ben";2,75\n')
    assert rows(found) == [{"shop": "Reyes, Ana", "spent": "1,50"}, {"shop": "Cruz; Ben", "spent": "2,75"}]


def test_excels_own_line_about_the_delimiter():
    found = table("sep=;\na;b\n1;x\n")
    assert (found.headers, list(found.rows)) == (["a", "b"], [(3, {"a": "1", "b": "x"})])


def test_one_column_is_a_table():
    assert rows(table("email\na@example.com\n")) == [{"email": "a@example.com"}]


def test_rows_keep_the_number_a_spreadsheet_shows_and_blank_ones_are_skipped():
    found = table("a,b\n\n1,2\n,\n3,4\n")
    assert [number for number, _row in found.rows] == [3, 5]


def test_a_note_over_several_lines_is_one_row():
    assert rows(table('a,b\n"one\ntwo",2\n')) == [{"a": "one\ntwo", "b": "2"}]


def test_short_rows_are_filled_and_long_ones_keep_the_rest_apart():
    assert rows(table("a,b\n1\n1,2,3,4\n")) == [{"a": "1", "b": ""}, {"a": "1", "b": "2", EXTRA: "3 | 4"}]


def test_headers_twice_or_without_a_name():
    found = table("email,email,,email\na@b.co,c@d.co,x,e@f.co\n")
    assert found.headers == ["email", "email 2", "Column 3", "email 3"]
    assert "«email»" in found.warnings[0]


def test_metas_own_template_with_repeated_headers_is_read():
    path = shared("data", "audience_upload", "meta_customer_list_sample.csv")
    found = read(Upload(path.name, path=path))
    first = rows(found)[0]
    assert (first["email"], first["email 3"]) == ("elizabetho@fb.com", "eolsen@fb.com")


def test_lines_above_the_header_are_skipped_and_said():
    found = table("Report of November\n\nname,email,city,spent\nAna,ana@example.com,Cebu,100\n")
    assert found.headers == ["name", "email", "city", "spent"]
    assert "1 rows above the header" in found.warnings[0]


def test_a_caller_may_know_its_header():
    found = table("a,b,c\nPost ID,Likes,\n7,3,\n", is_header=lambda cells: "Post ID" in cells)
    assert rows(found) == [{"Post ID": "7", "Likes": "3"}]


def test_a_spreadsheet():
    lines = [
        ["name", "joined", "spent", "yes"],
        ["Ana", datetime(2026, 3, 4), 1200.0, True],
        ["Ben", None, 1.5, False],
    ]
    found = table(workbook(("Notes", []), ("People", lines), ("More", [["x"]])), "people.xlsx")
    assert found.encoding == "xlsx"
    assert "«People»" in found.warnings[0]
    assert list(found.rows) == [
        (2, {"name": "Ana", "joined": "2026-03-04", "spent": "1200", "yes": "yes"}),
        (3, {"name": "Ben", "joined": "", "spent": "1.5", "yes": "no"}),
    ]


def test_the_name_of_a_file_decides_nothing():
    assert table(workbook(("S", [["a", "b"], [1, 2]])), "people.csv").encoding == "xlsx"
    assert table(PEOPLE, "people.xlsx").encoding == "utf-8"


def a_zip(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"a,b\n1,2\x00\x07\x00\x00\x01\x00", "binary"),
        (b"<!DOCTYPE html><html><table></table></html>", "web page"),
        (b'{"name": "Ana"}', "web page"),
        (b"Ana,ana@example.com\nBen,ben@example.com\n", "names of columns"),
        (b"1,2\n3,4\n", "names of columns"),
        (b'a,b\n"x,1\n' + b"y,2\n" * 60_000, "quotation mark"),
        ("имя\nВася и Петя\n".encode("koi8-r") * 3, "encoding"),
        ("名前,町\n田中さくら,大阪\n".encode("shift-jis"), "encoding"),
        ((",".join(f"c{n}" for n in range(600)) + "\n").encode(), "more than 500"),
        (a_zip(word__document="<w/>"), "archive"),
        (a_zip(xl__workbook="not xml"), "damaged"),
        (workbook(("S", [["a"]]))[:-100], "damaged"),
        (workbook(("S", [])), "empty"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, says):
    with pytest.raises(Problem) as refused:
        list(table(content).rows)
    assert says in refused.value.what
    assert refused.value.do


def test_a_file_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(Problem, match="larger than 0 MB"):
        table(PEOPLE, largest=10)


def test_headers_are_matched_by_the_words_people_use():
    headers = ["Full Name", "E-mail Address", "Mobile No.", "Petsa"]
    words = {
        "email": ["e-mail address"],
        "phone": ["mobile no"],
        "joined": ["petsa"],
        "name": ["full name"],
        "x": [],
    }
    assert match_headers(headers, words) == {
        "email": "E-mail Address",
        "phone": "Mobile No.",
        "joined": "Petsa",
        "name": "Full Name",
    }


def test_a_column_serves_one_field_only():
    assert match_headers(["name"], {"name": [], "first_name": ["name"]}) == {"name": "name"}


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-12.50", "-12.50"),
        ("+639171234567", "+639171234567"),
        ("-1+1", "'-1+1"),
        ("Ana", "Ana"),
    ],
)
def test_nothing_we_write_runs_in_a_spreadsheet(cell, written):
    assert write_csv(["x"], [[cell]]).decode("utf-8-sig").splitlines()[1] == written


@given(st.lists(st.lists(st.text("ab=+-@' ,;\"\n0.", max_size=6), min_size=2, max_size=2), max_size=6))
def test_what_we_write_we_read_back(lines):
    clean = [[cell.strip() for cell in line] for line in lines]
    found = table(write_csv(["name", "note"], clean), is_header=lambda cells: cells == ["name", "note"])
    assert [list(row.values()) for row in rows(found)] == [line for line in clean if any(line)]


def test_the_rejected_rows_come_back_as_they_came_with_the_reason():
    content = rejected(["name", "email"], [(4, {"name": "=HYPERLINK()", "email": "x"}, "No e-mail.")])
    assert content.decode("utf-8-sig") == "name,email,Row,Reason\r\n'=HYPERLINK(),x,4,No e-mail.\r\n"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026/3/4 18:00", date(2026, 3, 4)),
        ("2026-03-04T10:00:00Z", date(2026, 3, 4)),
        ("3/4/2026", date(2026, 4, 3)),
        ("03.04.26", date(2026, 4, 3)),
        ("3-4-99", date(1999, 4, 3)),
        ("4 Mar 2026", date(2026, 3, 4)),
        ("March 4, 2026", date(2026, 3, 4)),
        ("31/02/2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days(text, day):
    assert read_day(text, day_before_month=True) == day


def test_a_column_tells_whether_the_day_comes_first():
    assert day_first(["3/4/2026", "13/4/2026"], otherwise=False) is True
    assert day_first(["3/4/2026", "4/13/2026"], otherwise=True) is False
    assert day_first(["3/4/2026", "2026-01-31"], otherwise=True) is True


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1,234", 1234),
        ("1.234", 1.234),
        ("1,5", 1.5),
        ("1,234,567", 1234567),
        ("₱250", 250),
        ("12 %", 12),
        ("-3", -3),
        ("", None),
        ("n/a", None),
    ],
)
def test_numbers(text, number):
    assert read_number(text) == number


PIECES = [b"a", b"ab,cd\n" * 3, "₱".encode(), "ñ".encode(), "😀".encode(), b"\xe2", b"\x82", b"\xff"]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_whether_a_large_file_is_utf_8_is_told_by_its_letters_beyond_ascii(pieces):
    text = b"".join(pieces)
    try:
        text.decode()
        fits = True
    except UnicodeDecodeError:
        fits = False
    with mock.patch.object(encoding, "PIECE", 16):
        assert encoding._decodes(io.BytesIO(text), "utf-8") == fits
