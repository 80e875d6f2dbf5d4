"""Tables people give us: CSV in any encoding, XLSX; read row by row, never whole, and written back safely.

`read(upload)` recognises the file by its bytes, not by its name, and refuses with a `Problem` what it cannot
read. `write_csv` makes a file a spreadsheet opens without running anything in it.
"""

from __future__ import annotations

from .cells import day_first, read_day, read_number
from .headers import match_headers, plain_name
from .plan import EXTRA, LARGEST, Row, Table
from .reading import read
from .writing import packed_rejected, rejected, write_csv

__all__ = [
    "EXTRA",
    "LARGEST",
    "Row",
    "Table",
    "day_first",
    "match_headers",
    "packed_rejected",
    "plain_name",
    "read",
    "read_day",
    "read_number",
    "rejected",
    "write_csv",
]
