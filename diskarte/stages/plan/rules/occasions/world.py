"""Days of the world and of single countries that posts speak about: United Nations days, national customs."""

from diskarte.words import gettext_noop as _

from .day import EVERY, Rule

UN = _("United Nations, list of international days")
WHO = _("World Health Organization, global health days")

RULES = (
    Rule(
        _("New Year's Eve"), "12-31", "culture", 14, _("31 December"), (), EVERY,
        unless=("new year's eve", "last day of the year"),
    ),
    Rule(
        _("Christmas Eve"), "12-24", "culture", 14, _("24 December"), (),
        ("cafe", "shop", "salon", "creator"), but=("RU", "BY", "PH"), unless=("christmas eve",),
    ),
    Rule(
        _("International Women's Day"), "03-08", "awareness", 14,
        _("8 March, United Nations General Assembly resolution 32/142"), (),
        ("shop", "cafe", "salon", "ngo", "government", "business", "clinic"),
    ),
    Rule(_("World Health Day"), "04-07", "awareness", 7, WHO, (), ("clinic", "ngo", "government")),
    Rule(
        _("Earth Day"), "04-22", "awareness", 7,
        _("22 April since 1970; General Assembly resolution 63/278"), (),
        ("ngo", "school", "government", "cafe", "shop"),
    ),
    Rule(
        _("World Book Day"), "04-23", "awareness", 5, _("23 April, UNESCO resolution 28 C/3.18"), (),
        ("school", "cafe", "creator", "ngo"),
    ),
    Rule(
        _("World Environment Day"), "06-05", "awareness", 7, _("5 June, General Assembly resolution 2994"),
        (), ("ngo", "school", "government", "property"),
    ),
    Rule(
        _("MSME Day"), "06-27", "awareness", 7, _("27 June, General Assembly resolution 71/279"), (),
        ("business", "shop", "cafe", "software"),
    ),
    Rule(
        _("Pride"), "06-28", "awareness", 10,
        _("28 June: Stonewall, 1969; the whole of June in many places"),
        ("US", "CA", "GB", "DE", "FR", "ES", "PH", "TH", "TW", "BR", "AU", "NL"),
        ("ngo", "creator", "salon", "cafe"),
    ),
    Rule(
        _("International Youth Day"), "08-12", "awareness", 7,
        _("12 August, General Assembly resolution 54/120"), (), ("school", "ngo", "government", "creator"),
    ),
    Rule(
        _("International Coffee Day"), "10-01", "commercial", 10,
        _("1 October, International Coffee Organization"), (), ("cafe",), ("clinic", "government", "ngo"),
    ),
    Rule(
        _("World Teachers' Day"), "10-05", "awareness", 7, _("5 October, UNESCO and ILO, 1994"), (),
        ("school", "government"), but=("PH", "CN", "IN", "US", "TW"),
    ),
    Rule(
        _("Teachers' Day"), "09-10", "awareness", 7, _("10 September, since 1985"), ("CN",),
        ("school", "shop", "government"),
    ),
    Rule(
        _("Teachers' Day"), "09-28", "awareness", 7, _("28 September: the birthday of Confucius"), ("TW",),
        ("school", "shop", "government"), unless=("teacher", "confucius"),
    ),
    Rule(
        _("Teachers' Day"), "09-05", "awareness", 7, _("5 September: the birthday of S. Radhakrishnan"),
        ("IN",), ("school", "shop", "government"),
    ),
    Rule(
        _("Teachers' Day"), "11-20", "awareness", 7, _("20 November, decree 167 of 1982"), ("VN",),
        ("school", "shop", "government"),
    ),
    Rule(
        _("Teacher Appreciation Day"), "nth 5 sun 1 +2", "awareness", 7,
        _("the Tuesday of the first full week of May"), ("US",), ("school", "shop", "cafe"),
    ),
    Rule(
        _("World Mental Health Day"), "10-10", "awareness", 7, WHO, (),
        ("clinic", "ngo", "school", "business"),
    ),
    Rule(
        _("World Food Day"), "10-16", "awareness", 7, _("16 October, FAO"), (),
        ("cafe", "ngo", "government", "shop"),
    ),
    Rule(
        _("Breast Cancer Awareness Month"), "10-01", "awareness", 14, WHO, (), ("clinic", "ngo", "salon"),
        ("software", "property"), lasts=31,
    ),
    Rule(
        _("Movember"), "11-01", "awareness", 10, _("November: men's health, movember.com"),
        ("AU", "GB", "US", "CA", "NZ", "IE"), ("clinic", "salon", "ngo"), lasts=30,
    ),
    Rule(
        _("World Diabetes Day"), "11-14", "awareness", 7,
        _("14 November, General Assembly resolution 61/225"), (), ("clinic", "ngo", "government"),
    ),
    Rule(
        _("World Children's Day"), "11-20", "awareness", 7,
        _("20 November, General Assembly resolution 836 (IX)"), (),
        ("school", "ngo", "clinic", "government"),
    ),
    Rule(_("World AIDS Day"), "12-01", "awareness", 7, WHO, (), ("clinic", "ngo", "government")),
    Rule(
        _("Volunteer Day"), "12-05", "awareness", 7, _("5 December, General Assembly resolution 40/212"),
        (), ("ngo", "government", "school"),
    ),
    Rule(
        _("Human Rights Day"), "12-10", "awareness", 5,
        _("10 December, General Assembly resolution 423 (V)"), (), ("ngo", "government"),
    ),
    Rule(
        _("Safer Internet Day"), "nth 2 tue 2", "awareness", 5,
        _("the second Tuesday of February; saferinternetday.org"), (), ("software", "school", "government"),
        ("cafe", "salon"),
    ),
    Rule(
        _("Data Privacy Day"), "01-28", "awareness", 5, _("28 January: Council of Europe Convention 108"),
        (), ("software", "business", "government"), ("cafe", "salon"),
    ),
    Rule(
        _("April Fools' Day"), "04-01", "culture", 7, _("1 April"),
        ("US", "GB", "CA", "AU", "IE", "PH", "RU", "DE", "FR", "IT"), ("creator", "cafe", "software"),
        ("clinic", "government"),
    ),
    Rule(
        _("St. Patrick's Day"), "03-17", "culture", 10, _("17 March"), ("IE", "US", "GB", "CA", "AU"),
        ("cafe", "shop", "creator"), ("clinic",), unless=("patrick",),
    ),
    Rule(
        _("Cinco de Mayo"), "05-05", "culture", 10, _("5 May: Puebla, 1862"), ("US", "MX"),
        ("cafe", "shop", "creator"),
    ),
    Rule(
        _("First day of spring"), "03-20", "culture", 5, _("the March equinox, to the day before or after"),
        ("US", "CA", "GB", "DE", "FR", "JP"), ("shop", "salon", "cafe"), sure=False,
    ),
    Rule(
        _("Day of the Dead"), "11-01", "culture", 10, _("1 and 2 November; UNESCO list of 2008"),
        ("MX", "US"), ("cafe", "shop", "creator"), lasts=2,
    ),
    Rule(_("Guy Fawkes Night"), "11-05", "culture", 7, _("5 November, 1605"), ("GB",), ("cafe", "shop")),
    Rule(_("Burns Night"), "01-25", "culture", 7, _("25 January"), ("GB",), ("cafe", "shop")),
    Rule(
        _("Independence Day"), "06-12", "culture", 10, _("12 June, Republic Act 4166"), ("PH",), EVERY,
        unless=("independence",),
    ),
    Rule(
        _("Independence Day"), "07-04", "culture", 14, _("4 July, 5 U.S.C. 6103"), ("US",), EVERY,
        unless=("independence",),
    ),
    Rule(
        _("Songkran"), "04-13", "culture", 14, _("13 to 15 April"), ("TH",), EVERY, lasts=3,
        unless=("songkran",),
    ),
    Rule(_("Tanabata"), "07-07", "culture", 7, _("7 July"), ("JP",), ("cafe", "shop", "school")),
    Rule(
        _("Golden Week"), "04-29", "commercial", 14, _("29 April to 5 May: four public holidays in a row"),
        ("JP",), ("cafe", "shop", "property"), lasts=7,
    ),
    Rule(
        _("Pepero Day"), "11-11", "commercial", 10, _("11 November, by custom of the trade"), ("KR",),
        ("shop", "cafe"),
    ),
    Rule(
        _("Student's Day"), "01-25", "culture", 7, _("25 January: Tatiana, decree 76 of 2005"),
        ("RU", "BY"), ("school", "cafe", "shop"),
    ),
    Rule(
        _("Cosmonautics Day"), "04-12", "culture", 5, _("12 April, 1961"), ("RU",),
        ("school", "software", "creator"),
    ),
    Rule(
        _("Family Day"), "07-08", "culture", 7, _("8 July, decree 411 of 2022"), ("RU",),
        ("shop", "cafe", "clinic"),
    ),
)  # fmt: skip
