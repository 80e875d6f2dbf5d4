"""The whole strategy as a folder of files, out and in again. The files are made by every stage; see `core/strategy`."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import strategy
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import rules, saving


@read(may="brand.see")
def export(who: Who) -> strategy.Folder:
    """The brand's whole strategy as readable files: what was decided, without numbers, people's data and secrets."""
    assert who.brand is not None
    return strategy.export(who.brand)


@write(
    may="brand.edit", done=gettext_noop("{name} is here with its whole strategy. Connect its channels again.")
)
def import_(who: Who, file: Upload, name: str = "") -> Brand:
    """Make a new brand from an exported strategy (the folder as a ZIP); nothing is made when a file cannot be read."""
    assert who.workspace is not None
    files = strategy.unpacked(file)
    head = strategy.facts_of(files)
    called = name.strip() or str(head.get("name", ""))
    if not called:
        raise Problem(_("The strategy has no name."), do=_("Give one."), field="name")
    slug = rules.slug_of(called, {*Brand.objects.values_list("slug", flat=True), *rules.RESERVED})
    brand = Brand.objects.create(workspace=who.workspace, slug=slug, name=called)
    saving.let_in(who, brand)
    strategy.restore(
        Who(who.person, who.workspace, brand, who.role, who.rights, who.door), files | _renamed(files, called)
    )
    return brand


def _renamed(files: dict[str, str], name: str) -> dict[str, str]:
    """The head with the name the person chose."""
    import tomllib

    from diskarte.core.toml import dump

    return {"strategy.toml": dump(tomllib.loads(files["strategy.toml"]) | {"name": name})}
