"""Ten million customers with a purchase each, from CSV to people, purchases and lists, beside pandas doing the same.

Ours is the verb `audience.import_people` in a process of its own, from the file's path to the moment the people can be
asked for: encoding, columns, dates, e-mails, phones, money and consent judged for every row, bad rows given back with
their reasons, the same customer joined, everything stored. The verb goes on to fit what every customer is worth; that
is timed by itself, since pandas has nothing like it.

The baseline is pandas in a process of its own: `read_csv`, every cell trimmed, words for nothing understood, the same
checks with its vectorised strings, each different day read once, the reason of each bad row, `groupby` by customer (the
last cell that says something, a no before a yes), people and purchases stored (as pickles: without other packages the
quickest it has). It joins by customer number alone and knows the columns beforehand. It is also timed without storing
anything. One row in 500 is bad, one customer in nine stands there twice, and one in five of those lives elsewhere by
then. `--small` takes 500,000 rows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import Row

SMALL = "--small" in sys.argv
ROWS = 500_000 if SMALL else 10_000_000
SHARE = 0.9  # different customers a row


def generate(path: Path, rows: int) -> None:
    """The file, by DuckDB: what a shop's system would write."""
    import duckdb

    people = int(rows * SHARE)
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute(f"""COPY (SELECT 'C' || lpad((i * 7919 % {people})::VARCHAR, 8, '0') AS "Customer ID",
            'Person ' || (i * 7919 % {people} % 9973) AS "Name",
            CASE WHEN i % 1000 = 0 THEN 'nobody@' ELSE 'P' || (i * 7919 % {people}) || '@'
              || (['Example.com', 'mail.ph', 'shop.net'])[1 + i % 3] END AS "E-mail",
            '09' || (17 + i % 3) || ' ' || lpad((i * 7919 % {people} % 10000000)::VARCHAR, 7, '0') AS "Mobile No.",
            (['yes', 'no', '', 'oo'])[1 + i % 4] AS "Opt in",
            (['Manila', 'Cebu', 'Davao', 'Iloilo'])[1 + (i + (i >= {people} AND i % 5 = 0)::INTEGER) % 4] AS "City",
            strftime(DATE '2024-01-01' + (hash(i) % 700)::INTEGER, '%m/%d/%Y') AS "Order Date",
            CASE WHEN i % 1000 = 500 THEN 'free' ELSE '₱' || (50 + hash(i + 1) % 900) || '.50' END AS "Amount"
            FROM range({rows}) t(i)) TO '{path}' (HEADER)""")


OURS = """
import json, os, resource, sys, time
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand, Membership, Person, Workspace
from diskarte.core.people.who import who_in
from diskarte.stages.audience import actions, people_actions
workspace = Workspace.objects.create(slug="bench", name="Bench")
person = Person.objects.create(email="bench@example.com", name="Bench")
Membership.objects.create(person=person, workspace=workspace, role="owner")
Brand.objects.create(slug="bench", name="Bench", workspace=workspace, country="PH", currency="PHP")
who = who_in(person, "bench", "cli")
fits, real = [], people_actions.valuing.reckon
def reckon(who):
    began = time.perf_counter()
    real(who)
    fits.append(time.perf_counter() - began)
people_actions.valuing.reckon = reckon
def mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
began = time.perf_counter()
row = actions.import_people(who, Upload("customers.csv", path=Path(sys.argv[1])))
told = {"seconds": time.perf_counter() - began - sum(fits), "people": row.taken, "bought": row.bought}
print(json.dumps(told | {"refused": row.refused, "fit": sum(fits), "mb": mb()}))
"""

PANDAS = r"""
import json, os, resource, sys, time
import numpy as np
import pandas as pd
began = time.perf_counter()
blank = ["", "-", "–", "n/a", "na", "none", "null", "nil", "wala", "#n/a"]
blank += [word.upper() for word in blank] + [word.title() for word in blank]
d = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False, na_values=blank)
d.columns = ["id", "name", "email", "phone", "consent", "city", "day", "amount"]
for name in d.columns:
    d[name] = d[name].str.strip()
d["email"] = d["email"].str.lower()
mail = r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
no_mail = ~d["email"].str.fullmatch(mail).fillna(True)
phone = d["phone"].str.replace(r"[\s().-]", "", regex=True)
no_phone = ~phone.str.fullmatch(r"(\+63|0063|0)9\d{9}").fillna(True)
d["phone"] = "+63" + phone.str[-10:]
days = pd.Series(d["day"].dropna().unique())
read = pd.to_datetime(days, format="%m/%d/%Y", errors="coerce")
d["day"] = d["day"].map(pd.Series(read.values, days.values))
marks = {"₱": "PHP", "$": "USD", "€": "EUR", "£": "GBP"}
d["currency"] = d["amount"].str[0].map(marks).fillna("PHP")
d["cents"] = pd.to_numeric(d["amount"].str.replace(r"[₱$€£,]", "", regex=True), errors="coerce") * 100
words = {"unknown": 0, "yes": 1, "oo": 1, "y": 1, "true": 1, "no": 2, "n": 2, "hindi": 2, "false": 2}
consent = d["consent"].str.lower()
d["consent"] = consent.map(words).where(consent.notna(), 0)
faults = [d["id"].isna() & d["email"].isna() & d["phone"].isna(), no_mail, no_phone, d["day"].isna(),
    d["cents"].isna(), d["consent"].isna()]
why = np.select(faults, [1, 2, 3, 4, 5, 6], 0)
bad = d[why > 0].assign(reason=np.array(["", "nobody", "email", "phone", "date", "amount", "consent"])[why[why > 0]])
d = d[why == 0]
d["consent"] = d["consent"].astype("int8")
d["cents"] = d["cents"].round().astype("int64")
pid, ids = pd.factorize(d["id"])
d["pid"] = pid
people = d.groupby("pid", sort=False).agg(id=("id", "first"), name=("name", "last"), email=("email", "last"),
    phone=("phone", "last"), city=("city", "last"), consent=("consent", "max"),
    spent=("cents", "sum"), first=("day", "min"), last=("day", "max"), times=("day", "nunique"))
unstored = time.perf_counter() - began
people.to_pickle(os.environ["DISKARTE_DATA"] + "/people.pickle")
d[["pid", "day", "cents", "currency"]].to_pickle(os.environ["DISKARTE_DATA"] + "/purchases.pickle")
bad.to_csv(os.environ["DISKARTE_DATA"] + "/bad.csv")
told = {"seconds": time.perf_counter() - began, "unstored": unstored, "people": len(people), "refused": len(bad)}
print(json.dumps(told | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def told(code: str, path: Path, place: str) -> dict[str, float]:
    """What a process of its own says."""
    env = {**os.environ, "DISKARTE_DATA": place, "DJANGO_SETTINGS_MODULE": "diskarte.settings"}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def run() -> list[Row]:
    """Rows a second, memory, and that both found the same people."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "customers.csv"
        generate(path, ROWS)
        ours = told(OURS, path, place)
        theirs = told(PANDAS, path, place)
    case = f"{ROWS:,} rows, {int(ours['people']):,} people"
    speed = ROWS / ours["seconds"], ROWS / theirs["seconds"]
    beside = f"{case}, beside pandas that stores nothing"
    return [
        Row(case, "rows a second", "1/s", *speed, 5 * speed[1], "higher"),
        Row(case, "time", "s", ours["seconds"], theirs["seconds"], theirs["seconds"] / 5, "lower"),
        Row(beside, "time", "s", ours["seconds"], theirs["unstored"], theirs["unstored"] / 5, "lower"),
        Row(case, "peak memory, the fit of worth included", "MB", ours["mb"], theirs["mb"], 1500, "lower"),
        Row(case, "people found", "", ours["people"], theirs["people"], theirs["people"], "higher"),
        Row(case, "rows given back", "", ours["refused"], theirs["refused"], theirs["refused"], "higher"),
        Row(case, "then everybody's worth fitted", "s", ours["fit"], None, None, "lower"),
    ]
