"""The words people head their columns with, and how they write yes, no and nothing, in English and Filipino."""

from __future__ import annotations

SYNONYMS: dict[str, tuple[str, ...]] = {
    "external_id": (
        "customer id", "customer number", "customer no", "member id", "member no", "membership number", "client id",
        "user id", "uid", "id", "account number", "numero ng customer", "numero ng miyembro",
    ),
    "email": ("e-mail", "email address", "e-mail address", "mail", "customer email", "email ng customer"),
    "phone": (
        "mobile", "mobile number", "mobile no", "phone number", "phone no", "contact number", "contact no", "cellphone",
        "cellphone number", "cp number", "cp no", "telephone", "tel", "selpon", "telepono", "numero",
        "numero ng telepono", "numero ng selpon", "whatsapp", "viber",
    ),
    "name": ("full name", "customer", "customer name", "complete name", "pangalan", "buong pangalan", "display name"),
    "first_name": ("first", "fn", "given name", "unang pangalan"),
    "last_name": ("last", "ln", "surname", "family name", "apelyido"),
    "joined_at": (
        "joined", "date joined", "join date", "signup date", "sign up date", "subscribed at", "opt-in time", "created",
        "created at", "date", "registered", "member since", "first purchase", "petsa", "petsa ng pagsali",
    ),
    "language": ("lang", "preferred language", "locale", "wika"),
    "place": (
        "city", "town", "municipality", "location", "address", "ct", "province", "lungsod", "bayan", "tirahan", "lugar",
    ),
    "country": ("country code", "nation", "bansa"),
    "consent": (
        "opt in", "opted in", "marketing consent", "email marketing", "accepts marketing", "subscribed", "gdpr",
        "permission", "pahintulot", "pumayag", "pumapayag",
    ),
    "bought_at": (
        "order date", "purchase date", "invoice date", "transaction date", "date of purchase", "bought at", "paid at",
        "petsa ng pagbili", "sale date", "date bought",
    ),
    "amount": (
        "total", "order total", "line total", "total amount", "sales", "revenue", "spend", "halaga", "kabuuan",
        "subtotal",
    ),
    "price": ("unit price", "item price", "presyo"),
    "quantity": ("qty", "units", "dami", "bilang"),
    "currency": ("currency code", "pera"),
    "order_no": (
        "order number", "order no", "order id", "invoice no", "invoice number", "invoice", "receipt no",
        "transaction id", "invoiceno", "numero ng resibo",
    ),
    "item": (
        "product", "product name", "description", "item name", "sku", "stock code", "stockcode", "produkto", "aytem",
    ),
}  # fmt: skip
YES = frozenset(
    ("yes", "y", "true", "t", "1", "oo", "opo", "granted", "agreed", "accepted", "subscribed", "in", "optedin", "optin",
     "pumayag", "pumapayag")
)  # fmt: skip
NO = frozenset(
    ("no", "n", "false", "f", "0", "hindi", "di", "denied", "refused", "unsubscribed", "out", "optedout", "optout")
)  # fmt: skip
UNKNOWN = frozenset({"", "unknown", "na", "none", "null", "notset", "hindialam"})
BLANK = frozenset({"", "-", "–", "n/a", "na", "none", "null", "nil", "wala", "#n/a"})
