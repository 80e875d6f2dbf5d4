"""Days people buy: sale days of shops and platforms, gift days, seasons of trade."""

from diskarte.words import gettext_noop as _

from .day import Rule

SEA = ("PH", "ID", "MY", "SG", "TH", "VN", "TW", "CN", "HK")  # where double days are the sales of the year
SELLERS = ("shop", "salon", "software", "cafe")
QUIET = ("government", "ngo", "clinic", "school")
DOUBLE = _(
    "double days: begun by Alibaba on 11.11.2009, kept by the marketplaces of South-East Asia every year"
)
NRF = _("the day after Thanksgiving, fourth Thursday of November (5 U.S.C. 6103); National Retail Federation")
BOTH = _(
    "Proclamation 266, series of 1988: second Sunday of May and third Sunday of June; most countries alike"
)

RULES = (
    Rule(
        _("Valentine's Day"), "02-14", "commercial", 14, _("14 February, by custom"), (),
        ("cafe", "shop", "salon", "creator"), ("government",),
    ),
    Rule(
        _("White Day"), "03-14", "commercial", 10,
        _("14 March: the answer to Valentine's Day since 1978, Japan's confectioners"),
        ("JP", "KR", "TW", "CN"), ("shop", "cafe"),
    ),
    Rule(
        _("Defender of the Fatherland Day"), "02-23", "commercial", 14,
        _("23 February: men are given presents; Labour Code of Russia, article 112"), ("RU", "BY", "KG"),
        ("shop", "cafe", "salon"), unless=("defender",),
    ),
    Rule(
        _("Mother's Day"), "nth 5 sun 2", "commercial", 14, BOTH, (),
        ("shop", "cafe", "salon", "clinic", "creator"),
        but=("GB", "IE", "RU", "FR", "SE", "TH", "MX", "PL", "ES", "PT", "NO", "ID", "KR", "EG", "AE", "SA", "VN"),
    ),
    Rule(
        _("Mother's Day"), "easter -21", "commercial", 14, _("Mothering Sunday: the fourth of Lent"),
        ("GB", "IE"), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "nth 11 sun -1", "commercial", 14,
        _("the last Sunday of November, decree 120 of 1998"), ("RU",), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "nth 5 sun -1", "commercial", 14, _("the last Sunday of May"), ("SE",),
        ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "after-pentecost", "commercial", 14,
        _("the last Sunday of May, a week later when that is Pentecost; Code de l'action sociale, D215-1"),
        ("FR",), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "08-12", "commercial", 14, _("12 August: the birthday of Queen Sirikit"),
        ("TH",), ("shop", "cafe", "salon"), unless=("mother",),
    ),
    Rule(_("Mother's Day"), "05-10", "commercial", 14, _("10 May"), ("MX",), ("shop", "cafe", "salon")),
    Rule(_("Mother's Day"), "05-26", "commercial", 14, _("26 May"), ("PL",), ("shop", "cafe", "salon")),
    Rule(
        _("Mother's Day"), "nth 5 sun 1", "commercial", 14, _("the first Sunday of May"), ("ES", "PT"),
        ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "nth 2 sun 2", "commercial", 14, _("the second Sunday of February"), ("NO",),
        ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Mother's Day"), "12-22", "commercial", 14, _("22 December: Hari Ibu, decree 316 of 1959"),
        ("ID",), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Parents' Day"), "05-08", "commercial", 14, _("8 May, since 1973"), ("KR",),
        ("shop", "cafe", "salon", "clinic"),
    ),
    Rule(
        _("Mother's Day"), "03-21", "commercial", 14, _("21 March, since 1956 in Egypt"),
        ("EG", "AE", "SA"), ("shop", "cafe", "salon"),
    ),
    Rule(
        _("Father's Day"), "nth 6 sun 3", "commercial", 10, BOTH, (), ("shop", "cafe", "salon"),
        but=("AU", "NZ", "TH", "DE", "ES", "IT", "PT", "RU", "BR", "ID", "SE", "NO", "FI", "KR", "TW"),
    ),
    Rule(
        _("Father's Day"), "nth 9 sun 1", "commercial", 10, _("the first Sunday of September"),
        ("AU", "NZ"), ("shop", "cafe"),
    ),
    Rule(
        _("Father's Day"), "12-05", "commercial", 10, _("5 December: the birthday of King Bhumibol"),
        ("TH",), ("shop", "cafe"), unless=("father",),
    ),
    Rule(_("Father's Day"), "easter 39", "commercial", 10, _("Ascension Day"), ("DE",), ("shop", "cafe")),
    Rule(
        _("Father's Day"), "03-19", "commercial", 10, _("19 March: Saint Joseph"), ("ES", "IT", "PT"),
        ("shop", "cafe"),
    ),
    Rule(
        _("Father's Day"), "nth 10 sun 3", "commercial", 10,
        _("the third Sunday of October, decree 573 of 2021"), ("RU",), ("shop", "cafe"),
    ),
    Rule(
        _("Father's Day"), "nth 8 sun 2", "commercial", 10, _("the second Sunday of August"), ("BR",),
        ("shop", "cafe"),
    ),
    Rule(
        _("Father's Day"), "08-08", "commercial", 10, _("8 August: ba-ba is both «eight eight» and «papa»"),
        ("TW",), ("shop", "cafe"),
    ),
    Rule(
        _("Father's Day"), "nth 11 sun 2", "commercial", 10, _("the second Sunday of November"),
        ("SE", "NO", "FI"), ("shop", "cafe"),
    ),
    Rule(_("Mid-year sale 6.6"), "06-06", "commercial", 10, DOUBLE, SEA, ("shop",), QUIET),
    Rule("9.9", "09-09", "commercial", 10, DOUBLE, SEA, ("shop", "salon"), QUIET),
    Rule("10.10", "10-10", "commercial", 10, DOUBLE, SEA, ("shop", "salon"), QUIET),
    Rule("11.11", "11-11", "commercial", 14, DOUBLE, SEA, ("shop", "salon", "software"), QUIET),
    Rule("12.12", "12-12", "commercial", 14, DOUBLE, SEA, ("shop", "salon", "software"), QUIET),
    Rule(_("Black Friday"), "nth 11 thu 4 +1", "commercial", 21, NRF, (), SELLERS, QUIET),
    Rule(
        _("Small Business Saturday"), "nth 11 thu 4 +2", "commercial", 10,
        _("the Saturday after Thanksgiving, since 2010"), ("US",), ("shop", "cafe", "salon", "business"),
    ),
    Rule(
        _("Cyber Monday"), "nth 11 thu 4 +4", "commercial", 7,
        _("the Monday after Thanksgiving, named in 2005 by the National Retail Federation"), (),
        ("shop", "software"), QUIET,
    ),
    Rule(
        _("Giving Tuesday"), "nth 11 thu 4 +5", "awareness", 14,
        _("the Tuesday after Thanksgiving, since 2012; givingtuesday.org"), (),
        ("ngo", "school", "government"),
    ),
    Rule(
        _("Green Monday"), "nth 12 mon 2", "commercial", 7,
        _("the second Monday of December, named in 2007 by eBay"), ("US",), ("shop",), QUIET,
    ),
    Rule(
        _("Super Bowl Sunday"), "nth 2 sun 2", "commercial", 10,
        _("the second Sunday of February since the season of 2021"), ("US",), ("cafe", "shop", "creator"),
    ),
    Rule(
        _("Boxing Day sales"), "12-26", "commercial", 14, _("26 December, by custom of the trade"),
        ("GB", "IE", "CA", "AU", "NZ", "ZA"), ("shop",), QUIET,
    ),
    Rule(
        _("Payday sale of mid-year bonus"), "05-15", "commercial", 7,
        _("15 May: the mid-year bonus of government staff is paid, DBM Budget Circular 2017-2"), ("PH",),
        ("shop", "cafe", "property", "salon"),
    ),
    Rule(
        _("13th month pay is due"), "12-24", "commercial", 21,
        _("24 December at the latest, Presidential Decree 851"), ("PH",),
        ("shop", "cafe", "salon", "property"),
    ),
    Rule(
        _("Back to school"), "nth 6 mon 3", "commercial", 28,
        _("mid June since school year 2025–2026; the Department of Education sets the day each year"),
        ("PH",), ("shop", "school", "clinic", "software"), sure=False,
    ),
    Rule(
        _("Back to school"), "09-01", "commercial", 28, _("1 September: the school year begins"),
        ("RU", "BY", "UA", "PL", "FR", "BE", "KZ", "CZ"), ("shop", "school", "clinic", "software"),
    ),
    Rule(
        _("Back to school"), "nth 9 mon 1 +1", "commercial", 35,
        _("the day after Labor Day, at the latest; districts begin from early August"), ("US", "CA"),
        ("shop", "school", "clinic", "software"), sure=False,
    ),
    Rule(
        _("Back to school"), "nth 9 mon 1", "commercial", 28,
        _("the first week of September; regions set the day"), ("GB", "IE", "DE", "ES", "IT", "NL"),
        ("shop", "school", "clinic", "software"), sure=False,
    ),
    Rule(
        _("Graduation season"), "04-01", "culture", 21,
        _("from late March to May; the schools set their days"), ("PH",),
        ("cafe", "shop", "salon", "school", "creator"), lasts=45, sure=False,
    ),
    Rule(
        _("Summer season"), "03-01", "commercial", 21, _("March to May: the hot dry season, PAGASA"),
        ("PH",), ("cafe", "shop", "salon", "property", "creator"), lasts=92,
    ),
    Rule(
        _("Christmas shopping"), "12-01", "commercial", 45, _("from 1 December, by custom of the trade"),
        (), ("shop", "cafe", "salon", "creator"), lasts=24,
    ),
    Rule(
        _("Halloween"), "10-31", "culture", 14, _("31 October, the eve of All Saints"), (),
        ("cafe", "shop", "salon", "creator"), ("government",),
    ),
    Rule(
        _("New Year's resolutions"), "01-02", "commercial", 14, _("the first weeks of January, by custom"),
        (), ("clinic", "school", "salon", "software", "property"), lasts=14,
    ),
)  # fmt: skip
