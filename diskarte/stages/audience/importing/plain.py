"""The plain rows of a part, by SQL. Whatever is not surely plain is left to the rules, row by row.

Plain is narrower than good: an ordinary e-mail address, a mobile number of the brand's country, a figure with at most
two decimals. Cells with few different values (days, consents, languages) are read by the same functions as everywhere,
once for each value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from diskarte.core.lake.tables import Tables, quoted
from diskarte.core.tables import read_number
from diskarte.core.tables.writing import unguarded

from ..columns import BUY, PERSON
from ..rules.people import Unfit, _country, _mobiles, agreed, language
from ..rules.purchases import LARGEST, money, symbol
from ..rules.vocabulary import BLANK
from .cells import DATES, PADDED, cell_names, constants, every_field, has_facts, marks_in, used
from .linking import KEY
from .shape import MORE, Shape, pieces_of
from .way import Way

EMAIL = r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
LONGEST_BLANK = max(len(word.encode()) for word in BLANK)
FIGURE = r"-?[₱$€£]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?"
NOTHING = quoted("|".join(re.escape(word) for word in sorted(BLANK) if word))
MANY = 50_000  # different values beyond which a column is not looked up
COMMON = 5000  # sums that stand most often: prices come again and again
MARKS = "₱$€£"
NAMES = ", ".join([*PERSON, *BUY])
# beside the fields lie the row's key, and hashes by which rows that tell the same of a person, or the same line of a
# receipt, are found; a row that is not sure has no key
HASHES = (
    f"CASE WHEN sure THEN ({KEY})::UBIGINT END AS k, hash({', '.join(PERSON)}) AS person,"
    f" (CASE WHEN order_no <> '' THEN hash({', '.join(BUY)}) ELSE 0 END)::UBIGINT AS line"
)
UNKNOWN_SHARE = 0.01  # if more rows are not sure, the cells with few different values are looked up anew
LINE = 4_194_304  # bytes of the longest row; a core reads two such lengths at a time


@dataclass
class Looks:
    """What is known of the cells before they are judged: values that one connection looked up so far, which hold for
    the parts that follow as well, and the marks that stand anywhere in this part."""

    fields: list[str] = field(default_factory=list)
    marks: set[str] | None = None
    anew: bool = False  # look before each part, since each has values of its own


def judge(
    t: Tables, part: Path, shape: Shape, way: Way, headers: list[str], base: int, looks: Looks | None = None
) -> int:
    """Every row of a part in the table `read`, in order, a row SQL is not sure of with its cells. Over it stand the
    views `judged` (the sure rows) and `hard` (the others), both with the row's number `n`. How many rows there are."""
    looks = looks or Looks()
    has = marks_in(pieces_of(part), shape.delimiter) if looks.marks is None else looks.marks
    cells = _Cells(t, way, headers, shape, part, has)
    known = bool(looks.fields) and not looks.anew
    if not known:
        looks.fields = cells.look()
    cells.looked = looks.fields
    make = t.connection.execute
    count = int(t.row(f"CREATE OR REPLACE TEMP TABLE read AS {cells.sql()}")[0])
    n = "number" if shape.numbered else f"(rowid + {base + 1})::INTEGER"
    every = f"{every_field(way, headers)}, k, person, line"
    make(f"CREATE OR REPLACE TEMP VIEW judged AS SELECT {n} AS n, {every} FROM read WHERE k IS NOT NULL")
    make(f"CREATE OR REPLACE TEMP VIEW hard AS SELECT {n} AS n, cells FROM read WHERE k IS NULL")
    if known and t.row("SELECT count(*) FROM hard")[0] > UNKNOWN_SHARE * count:
        looks.anew = True
        return judge(t, part, shape, way, headers, base, looks)
    return count


class _Cells:
    """What each field is in SQL, and when it is sure. In layers, each made once for a row: the cells; what several
    conditions ask for; then the fields, and whether the row is sure."""

    def __init__(
        self, t: Tables, way: Way, headers: list[str], shape: Shape, part: Path, has: set[str]
    ) -> None:
        self.t, self.way, self.headers, self.shape, self.part, self.has = t, way, headers, shape, part, has
        self.names = cell_names(way, headers)
        self.looked: list[str] = []  # fields read by their values

    def sql(self) -> str:
        """Every row: its fields and hashes, and if it is not sure its cells."""
        number = "number, " * self.shape.numbered
        said, sure = self.person()
        if self.way.buys:
            said += self.purchase(sure)
        else:
            said += [f"NULL::{kind} AS {name}" for name, kind in BUY.items()]
        sure += self._bare()
        joins = " ".join(f"LEFT JOIN look_{name} ON look_{name}.text = f_{name}" for name in self.looked)
        values = "".join(
            f", look_{name}.text IS NOT NULL AS is_{name}, look_{name}.value AS v_{name}"
            for name in self.looked
        )
        if self._has_sums():
            joins += " LEFT JOIN look_sums ON look_sums.text = f_amount"
            values += ", look_sums.cents AS s_cents, look_sums.name AS s_name"
        read = f"SELECT *{values}{''.join(', ' + one for one in self.read())} FROM {self._raw()} {joins}"
        came = f"CASE WHEN NOT sure THEN [coalesce(extra, ''), {', '.join(self.names)}] END AS cells"
        rows = f"SELECT {number}{', '.join(said)}, {' AND '.join(sure)} AS sure, extra, {self._others()} FROM ({read})"
        told = [name for name in (*PERSON, *BUY) if name not in constants(self.way, self.headers)]
        return f"SELECT {number}{', '.join(told)}, {HASHES}, {came} FROM ({rows})"

    def _others(self) -> str:
        return ", ".join(dict.fromkeys(self.names))

    def _raw(self) -> str:
        """The cells of every row: those of fields as f_…, others as c0…; `extra` is what is too much, else NULL."""
        width, number = self.shape.width, ["number::INTEGER AS number"] * self.shape.numbered
        more = [f"x{i}" for i in range(MORE)]
        columns = ", ".join(
            f"'{name}': 'VARCHAR'"
            for name in ["number"] * self.shape.numbered + [f"c{i}" for i in range(width)] + more
        )
        extra = (
            f"CASE WHEN coalesce({', '.join(more)}) IS NOT NULL THEN nullif(concat_ws(' | ', "
            + ", ".join(f"nullif(trim({name}), '')" for name in more) + "), '') END AS extra"
        )  # fmt: skip
        field_of = {header: name for name, header in self.way.columns.items() if name not in DATES}
        told = [
            f"{self._field(field_of.get(header, ''), f'c{i}')} AS {name}"
            for i, (header, name) in enumerate(zip(self.headers, self.names, strict=True))
        ]
        told += [  # a day may have its cell in two shapes: as it came, and without a clock
            f"{self._field(name, f'c{self.headers.index(header)}')} AS f_{name}"
            for name, header in self.way.columns.items() if f"f_{name}" not in self.names
        ]  # fmt: skip
        return (
            f"(SELECT {', '.join([*number, extra, *told])} FROM read_csv({quoted(str(self.part))},"
            f" auto_detect = false, header = false, delim = {quoted(self.shape.delimiter)}, quote = '\"',"
            f" escape = '\"', columns = {{{columns}}}, null_padding = true, strict_mode = true, max_line_size = {LINE},"
            f" buffer_size = {2 * LINE}))"
        )

    def _field(self, name: str, cell: str) -> str:
        """A cell without spaces around it; of a field, empty where people write «n/a». What is looked up by its value
        is read as it came, but for the clock behind a day: fewer values."""
        if name in self._readers():
            clock = f"regexp_replace({cell}, '[ T][0-9]{{1,2}}:.*$', '')"
            if name in DATES and ":" in self.has:
                return f"coalesce(CASE WHEN contains({cell}, ':') THEN {clock} ELSE {cell} END, '')"
            return f"coalesce({cell}, '')"
        bare = cell
        if PADDED in self.has:
            bare = f"CASE WHEN {cell} < '!' OR ends_with({cell}, ' ') THEN trim({cell}) ELSE {cell} END"
        if name in ("", "amount", "price"):  # «n/a» is no sum anyway, and is given back as it came
            return f"coalesce({bare}, '')"
        nothing = f"regexp_full_match(lower({bare}), {NOTHING})"  # with IN every cell would go through a join
        if PADDED in self.has:
            return f"CASE WHEN {cell} IS NULL OR {nothing} THEN '' ELSE {bare} END"
        long = f"WHEN strlen({cell}) > {LONGEST_BLANK} THEN {cell}"
        return f"CASE {long} WHEN {cell} IS NULL OR {nothing} THEN '' ELSE {cell} END"

    def cell(self, name: str) -> str:
        """The cell of a field; empty text where the file has no such column."""
        return f"f_{name}" if name in self.way.columns else "''"

    def look(self) -> list[str]:
        """Read the columns with few different values by the functions used everywhere, once for each value; which."""
        ways = {
            name: (read, kind) for name, (read, kind) in self._readers().items() if name in self.way.columns
        }
        if not ways:
            return []
        every = ", ".join(f"f_{name}" for name in ways)
        sets = ", ".join(f"(f_{name})" for name in ways)
        found = self.t.rows(
            f"SELECT grouping_id({every}), coalesce({every}) FROM {self._raw()} GROUP BY GROUPING SETS ({sets})"
        )
        for place, (name, (read, kind)) in enumerate(ways.items()):
            missing = (
                (1 << len(ways)) - 1 - (1 << (len(ways) - 1 - place))
            )  # bits of the columns not grouped by
            texts = [text for at, text in found if at == missing][:MANY]
            self._keep(name, texts, read, kind)
        if self._has_sums():
            self._look_sums()
        return list(ways)

    def _has_sums(self) -> bool:
        return self.way.buys and "amount" in self.way.columns

    def _look_sums(self) -> None:
        """The sums that stand most often, read by the rules."""
        found = self.t.rows(
            f"SELECT f_amount FROM {self._raw()} GROUP BY 1 HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT {COMMON}"
        )
        told = []
        for (text,) in found:
            (cents, mark), fits = _tried(lambda bare: money(bare, read_number), text, (None, ""))
            if fits and abs(cents) <= LARGEST:
                told.append((text, cents, symbol(mark, self.way.currency)))
        texts, cents, names = zip(*told, strict=True) if told else ((), (), ())
        self.t.connection.execute(
            "CREATE OR REPLACE TEMP TABLE look_sums AS SELECT unnest($1::VARCHAR[]) AS text,"
            " unnest($2::BIGINT[]) AS cents, unnest($3::VARCHAR[]) AS name",
            [list(texts), list(cents), list(names)],
        )

    def _keep(self, name: str, texts: list[str], read: Callable[[str], Any], kind: str) -> None:
        told = [_tried(read, text) for text in texts]
        good = [(text, value) for text, (value, fits) in zip(texts, told, strict=True) if fits]
        self.t.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE look_{name} AS SELECT unnest($1::VARCHAR[]) AS text,"
            f" unnest($2::VARCHAR[])::{kind} AS value",
            [[text for text, _v in good], [None if v is None else str(v) for _t, v in good]],
        )

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
        return f"v_{name}", f"is_{name}"

    def read(self) -> list[str]:
        """What several conditions ask for."""
        told = [f"lower({self.cell('email')}) AS r_email", f"{self._bare_phone()} AS r_phone"]
        marks = " ".join(f"WHEN contains({self.money}, '{mark}') THEN '{mark}'" for mark in MARKS)
        common = "WHEN look_sums.cents IS NOT NULL THEN '' " if self._has_sums() else ""
        return [*told, f"CASE {common}{marks} ELSE '' END AS r_mark"] if self.way.buys else told

    def person(self) -> tuple[list[str], list[str]]:
        """The fields of a person, and the conditions under which they are sure."""
        day, when = self.seen("joined_at")
        tongue, spoken = self.seen("language")
        agree, clear = self.seen("consent")
        phone, known = self._phone()
        said = [
            f"{self._short('external_id', 120)} AS external_id", "r_email AS email", f"{phone} AS phone",
            f"{self._name()} AS name", f"{day} AS joined_at", f"coalesce({tongue}, '') AS language",
            f"{self._short('place', 120)} AS place", f"coalesce({agree}, {quoted(self.way.consent)}) AS consent",
            f"{self._facts()} AS facts",
        ]  # fmt: skip
        somebody = f"({self.cell('external_id')} <> '' OR r_email <> '' OR {self.cell('phone')} <> '')"
        mail = f"(r_email = '' OR (regexp_full_match(r_email, {quoted(EMAIL)}) AND strlen(r_email) <= 254))"
        with_mail = [mail] if "email" in self.way.columns else []
        return said, ["extra IS NULL", somebody, *with_mail, known, when, spoken, clear]

    def _short(self, name: str, most: int) -> str:
        """The first letters of a cell; most are shorter, and counting bytes is quicker than counting letters."""
        cell = self.cell(name)
        return f"CASE WHEN strlen({cell}) > {most} THEN left({cell}, {most}) ELSE {cell} END"

    def _name(self) -> str:
        first, last = self.cell("first_name"), self.cell("last_name")
        if "first_name" not in self.way.columns and "last_name" not in self.way.columns:
            return self._short("name", 200)
        return f"left(coalesce(nullif({self.cell('name')}, ''), trim({first} || ' ' || {last})), 200)"

    @property
    def money(self) -> str:
        """The cell that tells of money."""
        return self.cell("amount" if "amount" in self.way.columns else "price")

    def purchase(self, sure: list[str]) -> list[str]:
        """The fields of a purchase; what must be sure is added."""
        day, when = self.seen("bought_at")
        currency, named = self.seen("currency")
        bare = f"CASE WHEN r_mark <> '' THEN replace({self.money}, r_mark, '') ELSE {self.money} END"
        bare = f"CASE WHEN contains({self.money}, ',') THEN replace({bare}, ',', '') ELSE {bare} END"
        cents = f"(try_cast({bare} AS DECIMAL(18, 2)) * 100)::BIGINT"
        figure = f"regexp_full_match({self.money}, {quoted(FIGURE)})"
        marks = " ".join(f"WHEN '{mark}' THEN {quoted(symbol(mark, self.way.currency))}" for mark in MARKS)
        meant = f"CASE r_mark {marks} ELSE {quoted(self.way.currency)} END"
        if (
            self._has_sums()
        ):  # a sum is looked up, or so short that it is not beyond all sense, or both is asked
            short = f"CASE WHEN strlen({self.money}) <= 11 THEN true ELSE abs({cents}) <= {LARGEST} END"
            figure = f"CASE WHEN s_cents IS NOT NULL THEN true ELSE {figure} AND {short} END"
            cents = f"CASE WHEN s_cents IS NOT NULL THEN s_cents ELSE {cents} END"
            meant = f"CASE WHEN s_cents IS NOT NULL THEN s_name ELSE {meant} END"
        else:
            count = self.cell("quantity")
            cents += f" * (CASE WHEN {count} = '' THEN 1 ELSE try_cast({count} AS INTEGER) END)"
            figure += f" AND abs({cents}) <= {LARGEST}"
        sure += [when, named, f"{day} IS NOT NULL", figure]
        if "currency" in self.looked:
            meant = f"coalesce(nullif({currency}, ''), {meant})"
        return [
            f"{day} AS day", f"{cents} AS cents", f"{meant} AS currency",
            f"{self._short('order_no', 60)} AS order_no", f"{self._short('item', 120)} AS item",
        ]  # fmt: skip

    def _day(self, oldest: int) -> Callable[[str], date | None]:
        def read(text: str) -> date | None:
            found = self.way.day(text) if text else None
            if text and (found is None or not oldest <= found.year <= 2100):
                raise Unfit("date", text)
            return found

        return read

    def _bare_phone(self) -> str:
        """The figures of a phone; translate costs three times what two replacements do, and few write points."""
        cell = self.cell("phone")
        strange = [
            f"contains({cell}, '{mark}')" for mark in (".", "(", ")") if mark == "." or "(" in self.has
        ]
        return (
            f"CASE WHEN {' OR '.join(strange)} THEN translate({cell}, ' ().-', '')"
            f" WHEN contains({cell}, '-') THEN replace(replace({cell}, ' ', ''), '-', '')"
            f" ELSE replace({cell}, ' ', '') END"
        )

    def _phone(self) -> tuple[str, str]:
        cell = self.cell("phone")
        code, pattern = _mobiles(self.way.country)
        if "phone" not in self.way.columns:
            return "''", "true"
        if pattern is None:
            return "''", f"{cell} = ''"
        ours = "true"
        if "country" in self.way.columns:
            here, known = self.seen("country")
            ours = f"({here} = 'yes' AND {known})"
        if length := _mobile_length(self.way.country):
            number = f"'+{code}' || right(r_phone, {length})"
        else:
            whole = quoted(f"^{pattern.pattern}$")
            number = f"regexp_replace(r_phone, {whole}, {quoted(f'+{code}' + chr(92) + '1')})"
        return (
            f"CASE WHEN r_phone = '' THEN '' ELSE {number} END",
            f"({cell} = '' OR ({ours} AND regexp_full_match(r_phone, {quoted(pattern.pattern)})))",
        )

    def _same_country(self, text: str) -> str:
        return "yes" if (_country(text) or self.way.country) == self.way.country else "no"

    def _facts(self) -> str:
        """The other columns as JSON, without the empty ones."""
        if not has_facts(self.way, self.headers):
            return "''"
        fields = used(self.way)
        pairs = (
            f"CASE WHEN {name} <> '' THEN {quoted(_json(header) + ':')}"
            f" || to_json(left(trim({name}), 300))::VARCHAR END"
            for header, name in zip(self.headers, self.names, strict=True) if header not in fields
        )  # fmt: skip
        return f"coalesce('{{' || nullif(concat_ws(',', {', '.join(pairs)}), '') || '}}', '')"

    def _bare(self) -> Iterator[str]:
        """A cell that begins with an apostrophe may be a guarded one; strange spaces are taken off by the rules."""
        if "'" in self.has:
            yield from (f"NOT ({name} >= '''' AND {name} < '(')" for name in self.names)
        for mark in self.has & {"\t", "\u00a0"}:
            for name in ("external_id", "name", "first_name", "last_name", "place", "order_no", "item"):
                if name in self.way.columns:
                    yield f"NOT contains(f_{name}, chr({ord(mark)}))"


def _mobile_length(country: str) -> int:
    """How many digits a mobile number of the country has after its code; 0 where that differs."""
    import phonenumbers

    facts = phonenumbers.PhoneMetadata.metadata_for_region(country)
    lengths = facts.mobile.possible_length if facts and facts.mobile else ()
    return int(lengths[0]) if len(lengths) == 1 and lengths[0] > 0 else 0


def _json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _tried(read: Callable[[str], Any], text: str, otherwise: Any = None) -> tuple[Any, bool]:
    """The value of a cell as it came, and whether it has one."""
    bare = unguarded(text.strip())
    try:
        return read("" if bare.casefold() in BLANK else bare), True
    except Unfit:
        return otherwise, False
