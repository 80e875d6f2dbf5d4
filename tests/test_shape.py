"""The house rules a machine can check. Each was broken once on purpose: see the tests at the end."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from diskarte.networks import all_networks
from diskarte.stages import STAGES

REPO = Path(__file__).parent.parent
ROOT = REPO / "diskarte"
PY = sorted(p for p in ROOT.rglob("*.py") if "migrations" not in p.parts)
HTML = sorted(ROOT.rglob("*.html"))
JS = sorted(p for p in ROOT.rglob("*.js") if "vendor" not in p.parts)
VAGUE = {
    "utils", "helpers", "common", "misc", "manager", "managers", "service", "services", "handler", "handlers",
    "processor", "base_views",
}  # fmt: skip
BROAD = re.compile(r"except (Base)?Exception\b|except:\s*$", re.MULTILINE)
BROAD_ALLOWED = 2  # the worker's loop, a door
SIGNALS = re.compile(r"django\.dispatch|django\.db\.models\.signals|@receiver")
SECRETS_OF_PLACE = re.compile(
    r"(?<![\w.])/(?:work|farm|root|home)/|pypi\.org|registry\.npmjs|files\.pythonhosted"
)


def name(path):
    return str(path.relative_to(REPO))


def functions(source):
    tree = ast.parse(source)
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def too_long(source, file_cap=400, function_cap=40):
    """What is longer than the house allows, in words."""
    told = [f"file of {source.count(chr(10))} lines"] if source.count("\n") > file_cap else []
    return told + [
        f"{f.name} is too long" for f in functions(source) if f.end_lineno - f.lineno >= function_cap
    ]


def scripted(source):
    """Script or style written into a template; what stands in a template tag is not HTML."""
    source = re.sub(r"{%.*?%}", "", source, flags=re.DOTALL)
    script = r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>"
    found = re.findall(script + r"|\son[a-z]+=\"|\sstyle=\"|<style", source)
    return [f.strip() for f in found]


@pytest.mark.parametrize("path", PY, ids=name)
def test_short_files_and_functions(path):
    cap = 350 if path.parent.name == "networks" else 400
    assert not too_long(path.read_text(), cap)


def test_medians_are_small():
    lengths = [f.end_lineno - f.lineno + 1 for p in PY for f in functions(p.read_text())]
    assert statistics.median(lengths) <= 10
    assert statistics.median(p.read_text().count("\n") for p in PY) < 100


@pytest.mark.parametrize("path", HTML, ids=name)
def test_short_templates_without_script(path):
    source = path.read_text()
    assert source.count("\n") <= 160
    assert not scripted(source)


def test_own_javascript_is_small():
    assert sum(p.read_text().count("\n") for p in JS) <= 300


def test_no_vague_names():
    assert not [name(p) for p in PY if p.stem in VAGUE or p.parent.name in VAGUE]


def networks_named(source, names):
    """Names of networks that stand as words of their own in strings."""
    return re.findall("|".join(rf"[\"']{re.escape(n)}[\"']" for n in names), source)


ALSO_WORDS = {
    "x",
    "webhook",
    "practice",
    "by_hand",
}  # also an icon, a kind of call, a room of the core, a way
OWN_NAMES = sorted(set(all_networks()) - ALSO_WORDS)


def test_no_network_is_named_outside_its_own_file():
    outside = [
        p for p in PY + HTML if "networks" not in p.parts and p.name != "demo.py" and "demo" not in p.parts
    ]
    assert not [name(p) for p in outside if networks_named(p.read_text(), OWN_NAMES)]


def test_except_exception_only_where_allowed():
    places = [name(p) for p in PY for _hit in BROAD.findall(p.read_text())]
    assert len(places) <= BROAD_ALLOWED, places


def test_no_signals():
    assert not [name(p) for p in PY if SIGNALS.search(p.read_text())]


def test_keys_point_backwards():
    from django.apps import apps

    order = {stage: i for i, stage in enumerate(STAGES)}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here not in order and there in order:
                pytest.fail(f"{model.__name__}.{field.name}: the core points at a stage")
            if here in order and there in order and there != here:
                assert order[there] < order[here], f"{model.__name__}.{field.name} points forward"
                assert field.remote_field.hidden, f"{model.__name__}.{field.name} needs related_name='+'"


def test_contracts_list_the_stages_in_order():
    text = (REPO / ".importlinter").read_text()
    block = text.split("[importlinter:contract:stages]")[1].split("layers =")[1].split("[")[0].split()
    assert tuple(reversed(block)) == STAGES


def test_imports_keep_the_contracts():
    answer = lint(REPO)
    assert answer.returncode == 0, answer.stdout


def lint(folder):
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}, check=False
    )


def tracked():
    told = subprocess.run(["git", "ls-files"], cwd=REPO, capture_output=True, text=True, check=False)
    return [REPO / line for line in told.stdout.splitlines()]


def test_nothing_tells_of_the_place_it_was_made_in():
    kinds = {".py", ".md", ".toml", ".html", ".lock", ".cfg", ".yml", ""}
    texts = [p for p in tracked() if p.suffix in kinds and p.is_file()]
    texts = [p for p in texts if "vendor" not in p.parts and p.name not in ("test_shape.py", "LICENSE")]
    assert not [name(p) for p in texts if SECRETS_OF_PLACE.search(p.read_text(errors="replace"))]


def test_tests_and_code_are_in_balance():
    code = sum(p.read_text().count("\n") for p in PY)
    tests = sum(p.read_text().count("\n") for p in (REPO / "tests").rglob("*.py"))
    assert 0.6 <= tests / code <= 1.6, f"{tests} lines of tests for {code} lines of code"


# Each rule, broken on purpose: the checker must see it.


def test_the_length_rule_sees_a_long_function():
    body = "\n".join("    x = 1" for _ in range(45))
    assert too_long(f"def f():\n{body}\n") == ["f is too long"]
    assert too_long("x = 1\n" * 401) == ["file of 401 lines"]


def test_the_script_rule_sees_script_and_style():
    assert scripted('<script>go()</script><p style="x">') == ["<script>", 'style="']
    assert scripted('<button onclick="go()">') == ['onclick="']
    assert not scripted('<script src="a.js"></script><script type="application/json">{}</script>')


def test_the_name_rule_sees_a_network():
    assert networks_named('if channel.network == "bluesky":', ["bluesky"]) == ['"bluesky"']


def test_the_broad_except_and_signal_rules_see():
    assert BROAD.search("try:\n    x\nexcept Exception:\n    pass")
    assert SIGNALS.search("from django.dispatch import receiver")


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("stages/brand/rules/market.py", "import django.db", "Rules and science are pure"),
        ("stages/goals/models.py", "import diskarte.stages.plan.models", "Ten stages, one direction"),
        ("core/plain.py", "import diskarte.stages.brand.models", "Five folders, one direction"),
        ("networks/practice.py", "import django.conf", "Network files know nothing but base"),
        (
            "stages/goals/views.py",
            "import diskarte.stages.goals.models",
            "Views reach tables only through actions",
        ),
    ],
)
def test_the_import_contracts_see_a_wrong_arrow(tmp_path, file, line, contract):
    copy(tmp_path)
    target = tmp_path / "diskarte" / file
    target.write_text(target.read_text() + f"\n{line}  # noqa\n")
    answer = lint(tmp_path)
    assert answer.returncode == 1
    assert re.search(rf"{re.escape(contract)} BROKEN", answer.stdout), answer.stdout


def copy(to):
    for path in (*ROOT.rglob("*.py"), REPO / ".importlinter"):
        target = to / path.relative_to(REPO)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
