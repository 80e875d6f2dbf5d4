"""Commands that keep the house: up, worker, migrate, demo, mcp, settings, backup, restore."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer


def _django() -> None:
    import django

    django.setup()


def whoever(email: str | None, brand: str | None) -> Any:
    """The person of this machine who asks: by e-mail, else the first owner. Raises Problem, Stranger."""
    from diskarte.core.people.models import Brand, Membership, Person
    from diskarte.core.people.who import who_in
    from diskarte.words import Problem

    if email:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise Problem(f"Nobody here has the address {email}.")
    else:
        owners = Membership.objects.filter(role="owner").select_related("person").order_by("id")
        if brand:
            owners = owners.filter(workspace__brands__slug=brand)
        first = owners.first()
        if first is None:
            raise Problem("There is no owner yet.", do="Run `diskarte up` and open the link it prints.")
        person = first.person
    slugs = list(
        Brand.objects.filter(workspace__memberships__person=person).values_list("slug", flat=True)[:2]
    )
    return who_in(person, brand or (slugs[0] if len(slugs) == 1 else None), "cli")


def migrate(welcome: Annotated[bool, typer.Option(help="Also say how to come in.")] = False) -> None:
    """Bring the database to this version; the data stay."""
    _django()
    from diskarte.doors.ground import migrate as bring
    from diskarte.doors.ground import say_welcome

    bring()
    if welcome:
        say_welcome()


def up(
    worker: Annotated[bool, typer.Option(help="Also send, measure and tidy in this process.")] = True,
) -> None:
    """Start everything: web pages, API and the worker, in one command."""
    from diskarte.doors.server import serve

    serve(worker)


def worker() -> None:
    """Start one more worker, on this or another machine with the same database."""
    _django()
    from diskarte.doors.ground import work

    work()


def demo(fresh: Annotated[bool, typer.Option(help="Throw the old demo away first.")] = False) -> None:
    """Fill an empty installation with the coffee brand «Kape Diwata» and a year of simulated history."""
    _django()
    from diskarte.demo import build

    print(build(fresh))


def mcp(as_: Annotated[str | None, typer.Option("--as", envvar="DISKARTE_AS")] = None) -> None:
    """Offer the verbs to a language model over standard input and output."""
    _django()
    from diskarte.doors.mcp import serve_stdio

    serve_stdio(whoever(as_, None).person)


def settings() -> None:
    """Print every setting with its value (secrets hidden) and one sentence."""
    import diskarte.settings  # noqa: F401 - reading it asks for every setting
    from diskarte.env import ASKED, VALUES

    for asked in ASKED:
        value = "•••" if asked.secret and VALUES[asked.name] else VALUES[asked.name]
        print(f"{asked.name} = {value}\n    {asked.says}")


def backup(
    file: Path,
    rows: Annotated[
        bool, typer.Option(help="As lines that PostgreSQL takes too: to move to many machines.")
    ] = False,
) -> None:
    """Write everything worth keeping into one file."""
    _django()
    from diskarte.core.backup import backup as keep

    print(keep(file, rows))


def restore(file: Path, force: Annotated[bool, typer.Option(help="Overwrite what is here.")] = False) -> None:
    """Bring everything back from a back-up, after checking that it is whole."""
    _django()
    from diskarte.core.backup import restore as bring_back

    print(bring_back(file, force=force))


def docs() -> None:
    """Print the reference pages that are made from the code into docs/."""
    _django()
    from diskarte.doors.paper.reference import write_all

    print("\n".join(write_all(Path("docs"))))


def housework(app: typer.Typer) -> None:
    """Give the commands to the command line."""
    for command in (up, worker, migrate, demo, mcp, settings, backup, restore, docs):
        app.command()(command)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diskarte.settings")
