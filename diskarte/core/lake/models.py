"""Which files make the heavy tables of a brand."""

from __future__ import annotations

from django.db import models

from diskarte.core.rows import Row


class Shelf(Row):
    """The heavy tables of one brand at one version."""

    silent = True
    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=0)
    files = models.JSONField(default=dict)  # table → [[name of the file, rows], …]

    def __str__(self) -> str:
        return f"{self.brand_id}/{self.version}"

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(count for _name, count in self.files.get(table, []))

    def names(self) -> set[str]:
        """Every file that is named."""
        return {name for files in self.files.values() for name, _count in files}
