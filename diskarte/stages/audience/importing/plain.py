"""The plain rows of a part, by SQL. Whatever is not surely plain is left to the rules, row by row.

Plain is narrower than good: an ordinary e-mail address, a mobile number of the brand's country, a figure with at most
two decimals. Cells with few different values (days, consents, languages) are read by the same functions as everywhere,
once for each value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from diskarte.core.lake.tables import Tables, quoted

from ..columns import BUY, PERSON
from ..rules.people import Unfit, _country, _mobiles, agreed, language
from ..rules.purchases import symbol
from ..rules.vocabulary import BLANK
from .shape import MORE, Shape
from .way import Way

EMAIL = r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
LONGEST_BLANK = max(len(word.encode()) for word in BLANK)
DATES = ("joined_at", "bought_at")
FIGURE = r"-?[₱$€£]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?"
NOTHING = quoted("|".join(re.escape(word) for word in sorted(BLANK) if word))
MANY = 50_000  # different values beyond which a column is not looked up
FIELDS = ("n", *PERSON, *BUY)
LINE = 4_194_304  # bytes of the longest row; a core reads two such lengths at a time


def judge(t: Tables, part: Path, shape: Shape, way: Way, headers: list[str], base: int) -> int:
    """Make `told` (every row, with its cells where SQL is not sure) and over it `judged` (the sure ones as `FIELDS`);
    how many rows the part has."""
    raw = _raw(part, shape, way, headers)
    cells = _Cells(t, way, headers)
    cells.look(raw)
    said, sure = cells.person()
    if way.buys:
        said = [*said, *cells.purchase(sure)]
    else:
        said += [f"NULL::{kind} AS {name}" for name, kind in BUY.items()]
    joins = " ".join(f"LEFT JOIN look_{name} ON look_{name}.text = raw.f_{name}" for name in cells.looked)
    came = ", ".join(["raw.extra", *(f"raw.{name}" for name in cell_names(way, headers))])
    number = "number::BIGINT AS number, " if shape.numbered else ""
    t.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT {number}{', '.join(said)},"
        f" CASE WHEN {' AND '.join(sure)} THEN NULL ELSE [{came}] END AS cells FROM {raw} raw {joins}"
    )
    numbered = "number" if shape.numbered else f"{base} + 1 + rowid"  # rows lie in the order of the file
    t.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW judged AS SELECT {numbered} AS n, {', '.join(FIELDS[1:])} FROM told"
        " WHERE cells IS NULL"
    )
    t.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW hard AS SELECT {numbered} AS n, cells FROM told WHERE cells IS NOT NULL"
    )
    return int(t.row("SELECT count(*) FROM told")[0])


def _raw(part: Path, shape: Shape, way: Way, headers: list[str]) -> str:
    """Every row as something to select from: its number, what is too much, the fields as f_…, other cells as c0…"""
    names = (
        ["number"] * shape.numbered + [f"c{i}" for i in range(shape.width)] + [f"x{i}" for i in range(MORE)]
    )
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    number = "number, " * shape.numbered
    over = ", ".join(f"x{i}" for i in range(MORE))
    extra = (
        f"CASE WHEN coalesce({over}) IS NULL THEN '' ELSE concat_ws(' | ', "
        + ", ".join(f"nullif(trim(x{i}), '')" for i in range(MORE))
        + ") END AS extra"
    )
    told = ", ".join(f"{cell} AS {name}" for name, cell in _stored(way, headers).items())
    trimmed = ", ".join(f"{_trimmed(f'c{i}')} AS c{i}" for i in range(shape.width))
    return (
        f"(SELECT {number}extra, {told} FROM (SELECT {number}{trimmed}, {extra} FROM"
        f" read_csv({quoted(str(part))}, auto_detect = false, header = false, delim = {quoted(shape.delimiter)},"
        f" quote = '\"', escape = '\"', columns = {{{columns}}}, null_padding = true, strict_mode = true,"
        f" max_line_size = {LINE}, buffer_size = {2 * LINE})))"
    )


def _trimmed(cell: str) -> str:
    """Trimming costs more than reading, and few cells need it."""
    return f"coalesce(CASE WHEN {cell} LIKE ' %' OR {cell} LIKE '% ' THEN trim({cell}) ELSE {cell} END, '')"


def cell_names(way: Way, headers: list[str]) -> list[str]:
    """For each header the column of `raw` that holds its cell as it came."""
    field_of = {header: name for name, header in way.columns.items() if name not in DATES}
    return [f"f_{field_of[header]}" if header in field_of else f"c{i}" for i, header in enumerate(headers)]


def _stored(way: Way, headers: list[str]) -> dict[str, str]:
    """Column of `raw` → what it is: the cells of the fields, then those of other columns."""
    told = {f"f_{name}": _field(name, headers.index(header)) for name, header in way.columns.items()}
    return told | {name: name for name in cell_names(way, headers) if name not in told}


def _field(name: str, at: int) -> str:
    """The cell of a field, empty where people write «n/a»; a clock behind a day is cut off: fewer values."""
    nothing = f"regexp_full_match(lower(c{at}), {NOTHING})"  # with IN every cell would go through a join
    cell = f"CASE WHEN strlen(c{at}) <= {LONGEST_BLANK} AND {nothing} THEN '' ELSE c{at} END"
    if name in DATES:
        return f"CASE WHEN contains(c{at}, ':') THEN regexp_replace(c{at}, '[ T][0-9]{{1,2}}:.*$', '') ELSE {cell} END"
    return cell


class _Cells:
    """What each field is in SQL, and when it is sure."""

    def __init__(self, t: Tables, way: Way, headers: list[str]) -> None:
        self.t, self.way, self.headers = t, way, headers
        self.looked: list[str] = []  # fields read by their values

    def cell(self, name: str) -> str:
        """The cell of a field; empty text where the file has no such column."""
        return f"raw.f_{name}" if name in self.way.columns else "''"

    def look(self, raw: str) -> None:
        """Read the columns with few different values by the functions used everywhere, once for each value."""
        ways = {
            name: (read, kind) for name, (read, kind) in self._readers().items() if name in self.way.columns
        }
        if not ways:
            return
        every = ", ".join(f"f_{name}" for name in ways)
        sets = ", ".join(f"(f_{name})" for name in ways)
        found = self.t.rows(
            f"SELECT grouping_id({every}), coalesce({every}) FROM {raw} GROUP BY GROUPING SETS ({sets})"
        )
        for place, (name, (read, kind)) in enumerate(ways.items()):
            missing = (
                (1 << len(ways)) - 1 - (1 << (len(ways) - 1 - place))
            )  # bits of the columns not grouped by
            texts = [text for at, text in found if at == missing][:MANY]
            self._keep(name, texts, read, kind)

    def _keep(self, name: str, texts: list[str], read: Callable[[str], Any], kind: str) -> None:
        told = [_tried(read, text) for text in texts]
        good = [(text, value) for text, (value, fits) in zip(texts, told, strict=True) if fits]
        self.t.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE look_{name} AS SELECT unnest($1::VARCHAR[]) AS text,"
            f" unnest($2::VARCHAR[])::{kind} AS value",
            [[text for text, _v in good], [None if v is None else str(v) for _t, v in good]],
        )
        self.looked.append(name)

    def _readers(self) -> dict[str, tuple[Callable[[str], Any], str]]:
        return {
            "joined_at": (self._day(1900), "DATE"),
            "language": (lambda x: language(x) if x else "", "VARCHAR"),
            "consent": (lambda x: agreed(x) or self.way.consent, "VARCHAR"),
            "bought_at": (self._day(1970), "DATE"),
            "currency": (lambda x: x.upper()[:3], "VARCHAR"),
            "country": (self._same_country, "VARCHAR"),
        }

    def seen(self, name: str) -> tuple[str, str]:
        """(The value of a column that was looked up, when it is sure.)"""
        if name not in self.looked:
            return f"NULL::{self._readers()[name][1]}", "true"
        return f"look_{name}.value", f"look_{name}.text IS NOT NULL"

    def person(self) -> tuple[list[str], list[str]]:
        """The fields of a person, and the conditions under which they are sure."""
        day, when = self.seen("joined_at")
        tongue, spoken = self.seen("language")
        agree, clear = self.seen("consent")
        email = f"lower({self.cell('email')})"
        phone, known = self._phone()
        names = [self.cell(name) for name in ("name", "first_name", "last_name")]
        whole = f"coalesce(nullif({names[0]}, ''), trim({names[1]} || ' ' || {names[2]}))"
        said = [
            f"left({self.cell('external_id')}, 120) AS external_id", f"{email} AS email", f"{phone} AS phone",
            f"left({whole}, 200) AS name", f"{day} AS joined_at", f"coalesce({tongue}, '') AS language",
            f"left({self.cell('place')}, 120) AS place", f"coalesce({agree}, {quoted(self.way.consent)}) AS consent",
            f"{self._facts()} AS facts",
        ]  # fmt: skip
        somebody = f"({self.cell('external_id')} <> '' OR {email} <> '' OR {self.cell('phone')} <> '')"
        mail = f"({email} = '' OR (regexp_full_match({email}, {quoted(EMAIL)}) AND length({email}) <= 254))"
        sure = [
            "raw.extra = ''",
            somebody,
            mail if "email" in self.way.columns else "true",
            known,
            when,
            spoken,
            clear,
        ]
        return said, [*sure, *self._bare()]

    def purchase(self, sure: list[str]) -> list[str]:
        """The fields of a purchase; what must be sure is added."""
        day, when = self.seen("bought_at")
        currency, named = self.seen("currency")
        money = self.cell("amount" if "amount" in self.way.columns else "price")
        bare = f"CASE WHEN contains({money}, ',') THEN replace({money}, ',', '') ELSE {money} END"
        bare = f"CASE WHEN starts_with({money}, '-') THEN '-' || ltrim({bare}, '-₱$€£') ELSE ltrim({bare}, '₱$€£') END"
        figure = f"try_cast({bare} AS DECIMAL(18, 2))"
        count = f"CASE WHEN {self.cell('quantity')} = '' THEN 1 ELSE try_cast({self.cell('quantity')} AS INTEGER) END"
        cents = f"({figure} * 100)::BIGINT" + ("" if "amount" in self.way.columns else f" * ({count})")
        sure += [when, named, f"{day} IS NOT NULL", f"regexp_full_match({money}, {quoted(FIGURE)})"]
        sure += [f"abs({cents}) <= 10000000000000"]
        marks = " ".join(
            f"WHEN {money} LIKE '%{mark}%' THEN {quoted(symbol(mark, self.way.currency))}" for mark in "₱$€£"
        )
        meant = f"coalesce(nullif({currency}, ''), CASE {marks} ELSE {quoted(self.way.currency)} END)"
        return [
            f"{day} AS day", f"{cents} AS cents", f"{meant} AS currency",
            f"left({self.cell('order_no')}, 60) AS order_no", f"left({self.cell('item')}, 120) AS item",
        ]  # fmt: skip

    def _day(self, oldest: int) -> Callable[[str], date | None]:
        def read(text: str) -> date | None:
            found = self.way.day(text) if text else None
            if text and (found is None or not oldest <= found.year <= 2100):
                raise Unfit("date", text)
            return found

        return read

    def _phone(self) -> tuple[str, str]:
        cell = self.cell("phone")
        code, pattern = _mobiles(self.way.country)
        if "phone" not in self.way.columns:
            return "''", "true"
        if pattern is None:
            return "''", f"{cell} = ''"
        bare = (  # translate costs three times what two replacements do, and few write points or brackets
            f"CASE WHEN contains({cell}, '.') OR contains({cell}, '(') OR contains({cell}, ')')"
            f" THEN translate({cell}, ' ().-', '') ELSE replace(replace({cell}, ' ', ''), '-', '') END"
        )
        ours = "true"
        if "country" in self.way.columns:
            here, known = self.seen("country")
            ours = f"({here} = 'yes' AND {known})"
        if length := _mobile_length(self.way.country):
            number = f"'+{code}' || right({bare}, {length})"
        else:
            whole = quoted(f"^{pattern.pattern}$")
            number = f"regexp_replace({bare}, {whole}, {quoted(f'+{code}' + chr(92) + '1')})"
        return (
            f"CASE WHEN {cell} = '' THEN '' ELSE {number} END",
            f"({cell} = '' OR ({ours} AND regexp_full_match({bare}, {quoted(pattern.pattern)})))",
        )

    def _same_country(self, text: str) -> str:
        return "yes" if (_country(text) or self.way.country) == self.way.country else "no"

    def _facts(self) -> str:
        """The other columns as JSON, without the empty ones."""
        used = {header for name, header in self.way.columns.items() if name != "country"}
        if self.way.buys or not self.way.others or set(self.headers) <= used:
            return "''"
        pairs = (
            f"CASE WHEN {name} <> '' THEN {quoted(_json(header) + ':')} || to_json(left({name}, 300))::VARCHAR END"
            for header, name in zip(self.headers, cell_names(self.way, self.headers), strict=True) if header not in used
        )  # fmt: skip
        return f"coalesce('{{' || nullif(concat_ws(',', {', '.join(pairs)}), '') || '}}', '')"

    def _bare(self) -> Iterable[str]:
        """A cell that begins with an apostrophe may be a guarded one; strange spaces are taken off by the rules."""
        names = cell_names(self.way, self.headers)
        yield from (f"NOT starts_with({name}, chr(39))" for name in names)
        for name in ("external_id", "name", "place"):
            if name in self.way.columns:
                yield f"NOT contains(f_{name}, chr(160)) AND NOT contains(f_{name}, chr(9))"


def _mobile_length(country: str) -> int:
    """How many digits a mobile number of the country has after its code; 0 where that differs."""
    import phonenumbers

    facts = phonenumbers.PhoneMetadata.metadata_for_region(country)
    lengths = facts.mobile.possible_length if facts and facts.mobile else ()
    return int(lengths[0]) if len(lengths) == 1 and lengths[0] > 0 else 0


def _json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _tried(read: Callable[[str], Any], text: str) -> tuple[Any, bool]:
    try:
        return read(text), True
    except Unfit:
        return None, False
