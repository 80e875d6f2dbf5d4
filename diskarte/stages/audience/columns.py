"""The heavy tables of the audience: people, what they bought, which lists they stand on, what they are worth."""

from __future__ import annotations

from diskarte.core.lake.tables import Columns

PERSON: Columns = {
    "external_id": "VARCHAR", "email": "VARCHAR", "phone": "VARCHAR", "name": "VARCHAR", "joined_at": "DATE",
    "language": "VARCHAR", "place": "VARCHAR", "consent": "VARCHAR", "facts": "VARCHAR",
}  # fmt: skip
PEOPLE: Columns = {
    "pid": "INTEGER",
    **PERSON,
    "consent_from": "VARCHAR",
    "source": "VARCHAR",
    "intake": "INTEGER",
}
BUY: Columns = {
    "day": "DATE",
    "cents": "BIGINT",
    "currency": "VARCHAR",
    "order_no": "VARCHAR",
    "item": "VARCHAR",
}
PURCHASES: Columns = {"pid": "INTEGER", **BUY, "intake": "INTEGER"}
LISTS: Columns = {"pid": "INTEGER", "list": "VARCHAR", "intake": "INTEGER"}
SPENDING: Columns = {
    "pid": "INTEGER", "days": "INTEGER", "first": "DATE", "last": "DATE", "cents": "BIGINT", "again_cents": "BIGINT",
}  # fmt: skip
VALUE: Columns = {"pid": "INTEGER", "alive": "FLOAT", "worth": "FLOAT", "cell": "VARCHAR"}
TABLES: dict[str, Columns] = {
    "people": PEOPLE, "purchases": PURCHASES, "lists": LISTS, "spending": SPENDING, "value": VALUE,
}  # fmt: skip
OF_PEOPLE = ("people", "purchases", "lists", "spending", "value")  # every table a person has rows in
