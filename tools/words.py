"""Translations. `--compile` writes the .mo files, which are not kept in git; `--update` adds new strings to the .po of
their room, to be translated; `--missing` prints what Filipino lacks.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent / "diskarte"
ONE, PLURAL, NAMED = (0,), (0, 1), (1,)  # which arguments are text; of a named one the first is its context
CALLS = {
    "_": ONE, "Told": ONE, "_lazy": ONE, "gettext": ONE, "gettext_lazy": ONE, "gettext_noop": ONE, "pgettext": NAMED,
    "pgettext_lazy": NAMED, "ngettext": PLURAL, "ngettext_lazy": PLURAL,
}  # fmt: skip
VERBS = {"write", "does"}  # decorators whose `done` is shown to people, translated there
TAGS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}  # what templatize() writes
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""
Marked = tuple[str, str, str]  # context, text, plural


def rooms() -> list[Path]:
    """Every folder that keeps its own translations, the innermost first."""
    found = {path.parent for path in ROOT.rglob("locale") if path.is_dir()}
    return sorted(found, key=lambda path: -len(path.parts))


def room_of(path: Path) -> Path:
    """The room whose .po holds the strings of a file; what has none belongs to `core`."""
    return next((room for room in rooms() if room in path.parents), ROOT / "core")


def compile_all() -> None:
    """Write each .mo that is older than its .po."""
    for po in ROOT.rglob("*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        box = BytesIO()
        write_mo(box, _read(po))
        mo.write_bytes(box.getvalue())


def update_all(language: str = "fil") -> None:
    """Add what is missing to the .po of each string's room, to be translated there; nothing is taken away."""
    fresh: dict[Path, Catalog] = {}
    for path, (context, text, plural) in missing(language):
        po = room_of(path) / f"locale/{language}/LC_MESSAGES/django.po"
        if not po.exists() or (context, text) not in {_key(message) for message in _read(po)}:
            catalog = fresh.setdefault(po, Catalog())
            catalog.add((text, plural) if plural else text, context=context or None)
    for po, catalog in fresh.items():
        append(po, catalog, language)


def append(po: Path, catalog: Catalog, language: str) -> None:
    """Write the strings of a catalog at the end of a .po, which is made where there is none."""
    if not po.exists():
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(HEADER.format(language=language), encoding="utf-8")
    box = BytesIO()
    write_po(box, catalog, width=0, omit_header=True)
    with po.open("ab") as file:
        file.write(b"\n" + box.getvalue().rstrip() + b"\n")


def _read(po: Path) -> Catalog:
    with po.open("rb") as source:
        return read_po(source)


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def strings(path: Path) -> Iterator[Marked]:
    """Every string a file marks for translation."""
    source = path.read_text(encoding="utf-8")
    return _of_page(source) if path.suffix == ".html" else _of_code(ast.parse(source))


def _of_page(page: str) -> Iterator[Marked]:
    from django.utils.translation.template import templatize

    source = "\n".join(line.strip() for line in templatize(page).splitlines())
    source = re.sub(r"\bu'", "'", source)
    for _line, text, _comments, context in extract("python", BytesIO(source.encode()), TAGS):
        one, plural = (text[0], text[1]) if isinstance(text, tuple) else (text, "")
        yield context or "", one, plural


def _of_code(tree: ast.AST) -> Iterator[Marked]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in VERBS:
            told = (_text(word.value) for word in call.keywords if word.arg == "done")
            yield from (("", text, "") for text in told if text)
        places = CALLS.get(name, ())
        texts = [_text(call.args[place]) for place in places if place < len(call.args)]
        if texts and all(texts) and len(texts) == len(places):
            context = _text(call.args[0]) if places == NAMED else ""
            yield context, texts[0], texts[1] if places == PLURAL else ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def of_networks() -> Iterator[tuple[Path, Marked]]:
    """What network files say to people: they know nothing of translation, so pages translate it where it is shown."""
    from diskarte import networks
    from diskarte.networks import _exports

    folder = ROOT / "networks"
    for name in networks.names():
        network = networks.get(name)
        form = network.connect
        lines = [text for field in form.fields for text in (field.label, field.help)]
        lines += [lack.why for lack in network.lacks.values()]
        for text in (network.note, form.help, *lines):
            yield folder / f"{name}.py", ("", text, "")
    for export in _exports.all_exports():
        yield folder / "_exports", ("", export.refuse, "")
    for path in sorted(folder.glob("*.py")):
        for text in _complaints(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, ("", text, "")


def _complaints(tree: ast.AST) -> Iterator[str]:
    """The sentences of `Complaint(code, field, what, do)`, also where one was named before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"what", "do"}:
            yield _text(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Complaint":
            yield from (_text(argument) for argument in node.args[2:4])


def known(language: str = "fil") -> set[tuple[str, str]]:
    """Context and text of every string some room has translated; the rooms count together, as they do at run time."""
    found: set[tuple[str, str]] = set()
    for po in ROOT.rglob(f"locale/{language}/LC_MESSAGES/*.po"):
        for message in _read(po):
            said = [message.string] if isinstance(message.string, str) else list(message.string or ())
            if message.id and said and all(said) and not message.fuzzy:
                found.add(_key(message))
    return found


def missing(language: str = "fil") -> list[tuple[Path, Marked]]:
    """Every string without a translation in any room, with its file."""
    files = [p for p in (*ROOT.rglob("*.py"), *ROOT.rglob("*.html")) if "migrations" not in p.parts]
    marked = [(path, one) for path in sorted(files) for one in strings(path)] + list(of_networks())
    have = known(language)
    return [(path, one) for path, one in marked if one[1] and one[:2] not in have]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT.parent))
    if "--update" in sys.argv:
        update_all()
    if "--missing" in sys.argv:
        print("\n".join(f"{path.relative_to(ROOT)}: {marked[1]}" for path, marked in missing()))
    compile_all()
