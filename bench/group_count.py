"""The size of a group by a rule with three set operations over ten million people, as the builder's page asks for it.

The people, a purchase for each, and a list of a third of them lie in the product's own columns, written here directly
so that the import is not part of the figure. Ours is the verb `audience.count_group` with its counts by consent and
address; the baseline is the same set by plain SQL set operations in DuckDB, which only counts. Asked first: by a
process that has not looked at these people yet; asked again: the middle one of five that follow. `--small`: 500,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from bench import Row

PEOPLE = 500_000 if "--small" in sys.argv else 10_000_000

CODE = """
import json, resource, sys, time
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from diskarte.core.lake.shelves import folder, place, shelf_of
from diskarte.core.lake.tables import opened
from diskarte.core.people.models import Brand, Membership, Person, Workspace
from diskarte.core.people.who import who_in
from diskarte.stages.audience import actions
n = int(sys.argv[1])
workspace = Workspace.objects.create(slug="bench", name="Bench")
person = Person.objects.create(email="bench@example.com", name="Bench")
Membership.objects.create(person=person, workspace=workspace, role="owner")
brand = Brand.objects.create(slug="bench", name="Bench", workspace=workspace, country="PH", currency="PHP")
who = who_in(person, "bench", "cli")
made = {
    "people": "SELECT i::INTEGER AS pid, 'C' || i AS external_id, 'p' || i || '@example.com' AS email, '' AS phone,"
        " 'Person ' || i AS name, NULL::DATE AS joined_at, 'fil' AS language,"
        " (['Manila', 'Cebu', 'Davao'])[1 + i % 3] AS place,"
        " (['yes', 'no', 'unknown'])[1 + (hash(i) % 3)::INTEGER] AS consent,"
        " '' AS facts, '' AS consent_from, '' AS source, 1 AS intake",
    "purchases": "SELECT i::INTEGER AS pid, DATE '2026-01-01' + (hash(i) % 300)::INTEGER AS day,"
        " 10000::BIGINT AS cents, 'PHP' AS currency, '' AS order_no,"
        " (['Benguet beans', 'Mug', 'Latte', 'Filter'])[1 + (hash(i + 1) % 4)::INTEGER] AS item, 1 AS intake",
    "lists": "SELECT i::INTEGER AS pid, 'May survey' AS list, 1 AS intake",
    "spending": "SELECT i::INTEGER AS pid, 1 AS days, DATE '2026-01-01' AS first,"
        " DATE '2026-01-01' + (hash(i) % 300)::INTEGER AS last, 10000::BIGINT AS cents, 0::BIGINT AS again_cents",
}
files = {}
with opened(brand) as t:
    for table, sql in made.items():
        step = 3 if table == "lists" else 1
        name = f"{table}-bench.parquet"
        files[table] = [(name, t.write(f"{sql} FROM range(1, {n} + 1, {step}) r(i)", str(folder(brand.pk) / name)))]
place(shelf_of(brand), files)
rule = ["and:bought:beans", "or:list:May survey", "not:since:60", "and:place:manila"]
def timed(call):
    times = []
    for _round in range(6):
        began = time.perf_counter()
        told = call()
        times.append(time.perf_counter() - began)
    return times[0], sorted(times[1:])[2], told
first, ours, size = timed(lambda: actions.count_group(who, rule))
home = folder(brand.pk)
sql = (f"SELECT count(*) FROM ((SELECT pid FROM '{home}/purchases-bench.parquet' WHERE contains(lower(item), 'beans')"
       f" UNION SELECT pid FROM '{home}/lists-bench.parquet' WHERE lower(list) = 'may survey')"
       f" EXCEPT SELECT pid FROM '{home}/spending-bench.parquet' WHERE last >= current_date - 60)"
       f" WHERE pid IN (SELECT pid FROM '{home}/people-bench.parquet' WHERE contains(lower(place), 'manila'))")
def plain():
    with opened(brand) as t:
        return t.row(sql)[0]
theirs_first, theirs, count = timed(plain)
mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
told = {"first": first, "ours": ours, "theirs": theirs, "theirs_first": theirs_first}
print(json.dumps(told | {"found": size.found, "count": count, "mb": mb}))
"""


def run() -> list[Row]:
    """The time of the answer, and that both found the same."""
    with tempfile.TemporaryDirectory() as place:
        env = {**os.environ, "DISKARTE_DATA": place, "DJANGO_SETTINGS_MODULE": "diskarte.settings"}
        env.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(PEOPLE)], env=env, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    case = f"{PEOPLE:,} people, three set operations"
    return [
        Row(
            f"{case}, asked first",
            "size with consent",
            "s",
            told["first"],
            told["theirs_first"],
            1.0,
            "lower",
        ),
        Row(f"{case}, asked again", "size with consent", "s", told["ours"], told["theirs"], 1.0, "lower"),
        Row(case, "people found", "", told["found"], told["count"], told["count"], "higher"),
        Row(case, "peak memory", "MB", told["mb"], None, 1500, "lower"),
    ]
