"""Feasts of faith and of the moon's calendars: Lent and Easter, Ramadan and Eid, new years, Diwali, lanterns."""

from diskarte.words import gettext_noop as _

from .day import Rule

CATHOLIC = ("PH", "ES", "IT", "PT", "MX", "BR", "PL", "IE", "FR", "AR", "CO", "CL", "PE")
EASTERN = ("RU", "UA", "BY", "GR", "RO", "BG", "RS", "CY", "GE", "MD", "MK")
LUNAR = ("PH", "CN", "HK", "TW", "SG", "MY", "ID", "TH", "VN", "KR", "US", "CA", "AU", "GB")
MOON_CAKES = ("PH", "CN", "HK", "TW", "SG", "MY", "VN")
MUSLIM = (
    "PH", "ID", "MY", "SG", "BN", "TH", "IN", "PK", "BD", "TR", "EG", "SA", "AE", "QA", "KW", "BH", "OM", "JO", "MA",
    "DZ", "TN", "KZ", "UZ", "KG", "RU", "NG", "GB", "FR", "DE",
)  # fmt: skip
HINDU = ("IN", "NP", "LK", "SG", "MY", "MU", "FJ", "TT", "GB", "US", "CA", "AU")
FOOD = ("cafe", "shop", "salon", "creator")
NEW_YEARS = (
    "chinese new year", "lunar new year", "spring festival", "tet", "korean new year", "vietnamese new year",
    "new year's day (lunar",
)  # fmt: skip
MOON = _("by the new moon; announced when the crescent is seen, so a day may change")
WEST = _("counted from Easter: Gregorian computus")
JEWISH = ("IL", "US", "CA", "GB", "FR", "AR")
HEBREW = _("Hebrew calendar; begins the evening before")
LUNISOLAR = _("Chinese calendar, GB/T 33661-2017")

RULES = (
    Rule(
        _("Mardi Gras"), "easter -47", "culture", 10, WEST, ("US", "BR", "FR", "BE", "IT", "ES"),
        ("cafe", "shop", "creator"),
    ),
    Rule(_("Ash Wednesday"), "easter -46", "faith", 10, WEST, CATHOLIC, ("ngo", "school"), ("software",)),
    Rule(
        _("Lent: meatless Fridays begin"), "easter -44", "faith", 10, WEST, CATHOLIC, ("cafe", "shop"),
        ("software", "property"), lasts=43,
    ),
    Rule(_("Palm Sunday"), "easter -7", "faith", 7, WEST, (*CATHOLIC, "US", "IN"), ("ngo",), ("software",)),
    Rule(
        _("Holy Week"), "easter -6", "faith", 14, WEST, CATHOLIC,
        ("cafe", "shop", "government", "ngo", "creator"), lasts=6,
    ),
    Rule(_("Good Friday"), "easter -2", "faith", 7, WEST, (), ("ngo", "cafe"), but=EASTERN, unless=("good friday",)),
    Rule(_("Easter Sunday"), "easter 0", "faith", 14, WEST, (), FOOD, but=EASTERN, unless=("easter sunday",)),
    Rule(
        _("Pentecost"), "easter 49", "faith", 7, WEST, (*CATHOLIC, "DE", "AT", "CH", "BE", "NL", "IN"), ("ngo",),
        ("software",), unless=("pentecost", "whit"),
    ),
    Rule(
        _("Orthodox Easter"), "orthodox 0", "faith", 14, _("eastern churches: Julian computus"), EASTERN,
        FOOD, unless=("easter",),
    ),
    Rule(
        _("Maslenitsa"), "orthodox -55", "culture", 10, _("the week before the eastern Great Lent"),
        ("RU", "BY", "UA"), ("cafe", "shop", "creator"), lasts=7,
    ),
    Rule(
        _("Chinese New Year"), "chinese 1 1", "culture", 21, LUNISOLAR, LUNAR,
        (*FOOD, "property", "business"),
        unless=NEW_YEARS,
    ),
    Rule(
        _("Chinese New Year's Eve"), "chinese 1 1 -1", "culture", 14, LUNISOLAR,
        ("PH", "CN", "HK", "TW", "SG", "MY"), FOOD, unless=("new year's eve",),
    ),
    Rule(_("Lantern Festival"), "chinese 1 15", "culture", 10, LUNISOLAR, ("CN", "HK", "TW"), FOOD),
    Rule(
        _("Dragon Boat Festival"), "chinese 5 5", "culture", 10, LUNISOLAR, ("CN", "HK", "TW", "SG", "MY"),
        FOOD, unless=("dragon boat", "tuen ng"),
    ),
    Rule(
        _("Qixi, Chinese Valentine's Day"), "chinese 7 7", "commercial", 14, LUNISOLAR,
        ("CN", "HK", "TW", "SG"), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Ghost Month begins"), "chinese 7 1", "culture", 7, LUNISOLAR,
        ("CN", "HK", "TW", "SG", "MY", "PH"), ("property",), ("software",), lasts=29,
    ),
    Rule(
        _("Mid-Autumn Festival"), "chinese 8 15", "culture", 21, LUNISOLAR, MOON_CAKES, FOOD,
        unless=("mid-autumn", "moon festival"),
    ),
    Rule(
        _("Ramadan begins"), "hijri 9 1", "faith", 14, MOON, MUSLIM, (*FOOD, "ngo", "clinic"), lasts=29,
        sure=False,
    ),
    Rule(
        _("Eid al-Fitr"), "hijri 10 1", "faith", 14, MOON, MUSLIM, (*FOOD, "ngo", "government"),
        unless=("fitr", "hari raya puasa", "ramadan feast", "eid", "uraza"), sure=False,
    ),
    Rule(
        _("Eid al-Adha"), "hijri 12 10", "faith", 14, MOON, MUSLIM, (*FOOD, "ngo", "government"),
        unless=("adha", "haji", "sacrifice", "eid", "kurban"), sure=False,
    ),
    Rule(
        _("Islamic New Year"), "hijri 1 1", "faith", 5, MOON, ("ID", "MY", "BN", "AE", "EG", "SA", "PH"),
        ("ngo", "government"), unless=("islamic new year", "hijri", "awal muharram", "amun jadid"),
        sure=False,
    ),
    Rule(
        _("Mawlid"), "hijri 3 12", "faith", 5, MOON, ("ID", "MY", "BN", "AE", "EG", "PK", "PH", "TR"),
        ("ngo", "government"), unless=("prophet", "mawlid", "maulid"), sure=False,
    ),
    Rule(
        _("Diwali"), "diwali", "faith", 21, _("the dark moon of Kartika at dusk in India"), HINDU,
        (*FOOD, "property", "software"), unless=("diwali", "deepavali"), sure=False,
    ),
    Rule(_("Rosh Hashanah"), "hebrew 1", "faith", 10, HEBREW, JEWISH, FOOD, unless=("rosh hashanah",)),
    Rule(_("Yom Kippur"), "hebrew 10", "faith", 7, HEBREW, JEWISH, ("ngo",), unless=("yom kippur",)),
    Rule(
        _("Immaculate Conception"), "12-08", "faith", 5,
        _("8 December, Republic Act 10966 in the Philippines"), CATHOLIC, ("ngo", "school"),
        unless=("immaculate",),
    ),
    Rule(
        _("Advent begins"), "before 12-25 sun -21", "faith", 10, _("the fourth Sunday before Christmas"),
        ("PH", "DE", "AT", "CH", "IT", "PL", "GB"), ("cafe", "shop", "ngo"),
    ),
    Rule(
        _("Saint Nicholas"), "12-06", "culture", 10, _("6 December"), ("DE", "NL", "BE", "AT", "PL", "CZ"),
        ("shop", "cafe"),
    ),
    Rule(
        _("Vesak"), "chinese 4 15", "faith", 7,
        _("the full moon of the fourth month; countries keep it on different days"),
        ("SG", "MY", "TH", "ID", "LK", "VN"), ("ngo",), unless=("vesak", "visak", "wesak", "buddha"),
        sure=False,
    ),
)  # fmt: skip
