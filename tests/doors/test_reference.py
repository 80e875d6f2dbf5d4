"""The pages printed from the code are equal to the code."""

from pathlib import Path

import pytest

from diskarte.doors.paper.reference import HEAD, PAGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name):
    kept = (DOCS / name).read_text(encoding="utf-8")
    assert kept == HEAD + PAGES[name](), "print it again: make docs"


def test_every_stage_has_its_page():
    from diskarte.stages import STAGES

    for stage in STAGES:
        text = (DOCS / "stages" / f"{stage}.md").read_text(encoding="utf-8")
        assert text.startswith("# "), stage
        assert f"diskarte {stage} " in text, f"{stage}.md shows no command"


def test_commands_in_the_pages_exist():
    import re

    from diskarte.doors import verbs

    known = {tuple(name.split(".")) for name in verbs()}
    for page in (*(DOCS / "stages").glob("*.md"), DOCS / "tour.md", DOCS.parent / "README.md"):
        for stage, verb in re.findall(
            r"^\s*(?:\$ )?diskarte ([a-z]+) ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            if stage in {name for name, _verb in known}:
                assert (stage, verb.replace("-", "_")) in known, f"{page.name}: diskarte {stage} {verb}"
