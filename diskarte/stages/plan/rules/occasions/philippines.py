"""Days the Philippines live by: Christmas from September, fiestas, Undas, months of remembrance."""

from diskarte.words import gettext_noop as _

from .day import EVERY, Rule

PH = ("PH",)
FOOD = ("cafe", "shop", "creator")
FIESTA = ("cafe", "shop", "salon", "creator", "property", "government")

RULES = (
    Rule(
        _("The «ber» months begin"), "09-01", "culture", 14,
        _("1 September: the Philippine Christmas season"), PH, EVERY,
    ),
    Rule(_("100 days to Christmas"), "09-16", "culture", 7, _("a hundred days before 25 December"), PH, FOOD),
    Rule(
        _("Simbang Gabi begins"), "12-16", "faith", 7, _("16 December: the first of nine dawn masses"), PH,
        ("cafe", "shop", "ngo", "school"), lasts=9,
    ),
    Rule(_("Noche Buena"), "12-24", "culture", 14, _("the night of 24 December"), PH, FOOD),
    Rule(
        _("Media Noche"), "12-31", "culture", 10, _("the night of 31 December: twelve round fruits"), PH,
        FOOD,
    ),
    Rule(
        _("Three Kings"), "nth 1 sun 1", "faith", 7,
        _("the first Sunday of January ends the Christmas season; Bishops' Conference of the Philippines"),
        PH,
    ),
    Rule(
        _("Undas"), "10-31", "culture", 14,
        _("31 October to 2 November; All Saints' Day by Republic Act 9492"), PH,
        ("cafe", "shop", "ngo", "government"), lasts=3,
    ),
    Rule(
        _("Teachers' Day"), "10-05", "awareness", 14, _("5 October, Republic Act 10743"), PH,
        ("school", "cafe", "shop", "government"),
    ),
    Rule(
        _("National Teachers' Month"), "09-05", "awareness", 14,
        _("5 September to 5 October, Proclamation 242 of 2011"), PH, ("school", "government"), lasts=31,
    ),
    Rule(
        _("Grandparents' Day"), "nth 9 sun 2", "commercial", 10,
        _("the second Sunday of September, Proclamation 757 of 1996"), PH, ("cafe", "shop", "clinic"),
    ),
    Rule(
        _("Buwan ng Wika"), "08-01", "culture", 14, _("August, Proclamation 1041 of 1997"), PH,
        ("school", "government", "creator"), lasts=31,
    ),
    Rule(
        _("Women's Month"), "03-01", "awareness", 14, _("March, Proclamation 227 of 1988"), PH,
        ("ngo", "government", "clinic", "salon"), lasts=31,
    ),
    Rule(
        _("Nutrition Month"), "07-01", "awareness", 14, _("July, Presidential Decree 491"), PH,
        ("clinic", "cafe", "school", "government"), lasts=31,
    ),
    Rule(
        _("Fire Prevention Month"), "03-01", "awareness", 10, _("March, Proclamation 115-A of 1966"), PH,
        ("property", "government", "business"), ("salon", "creator"), lasts=31,
    ),
    Rule(
        _("National Arts Month"), "02-01", "culture", 14, _("February, Proclamation 683 of 1991"), PH,
        ("creator", "school", "cafe"), lasts=28,
    ),
    Rule(
        _("Consumer Welfare Month"), "10-01", "awareness", 14, _("October, Proclamation 1098 of 1997"), PH,
        ("shop", "business", "government"), lasts=31,
    ),
    Rule(
        _("National Children's Month"), "11-01", "awareness", 14, _("November, Republic Act 10661"), PH,
        ("school", "ngo", "clinic", "government"), lasts=30,
    ),
    Rule(
        _("MSME Week"), "nth 7 mon 2", "awareness", 10,
        _("the second week of July, Proclamation 543 of 2004"), PH,
        ("business", "shop", "cafe", "software", "government"), lasts=7,
    ),
    Rule(
        _("EDSA People Power Revolution Anniversary"), "02-25", "culture", 5,
        _("25 February 1986; in some years a holiday, in others not"), PH, ("school", "government", "ngo"),
    ),
    Rule(
        _("Ninoy Aquino Day"), "08-21", "culture", 5, _("21 August, Republic Act 9256"), PH,
        ("school", "government", "ngo"),
    ),
    Rule(_("Rizal's birthday"), "06-19", "culture", 5, _("19 June"), PH, ("school", "government")),
    Rule(
        _("Feast of the Black Nazarene"), "01-09", "faith", 7, _("9 January: the Traslación"), PH,
        ("government", "ngo", "cafe"), place="Manila",
    ),
    Rule(
        _("Sinulog"), "nth 1 sun 3", "culture", 21, _("the third Sunday of January: Santo Niño"), PH,
        FIESTA, place="Cebu",
    ),
    Rule(
        _("Ati-Atihan"), "nth 1 sun 3", "culture", 21, _("the third Sunday of January: Santo Niño"), PH,
        FIESTA, place="Kalibo, Aklan",
    ),
    Rule(
        _("Dinagyang"), "nth 1 sun 4", "culture", 21, _("the fourth Sunday of January"), PH, FIESTA,
        place="Iloilo",
    ),
    Rule(
        _("Panagbenga"), "02-01", "culture", 21,
        _("February to the first Sunday of March: the flower festival"), PH, FIESTA, lasts=29,
        place="Baguio",
    ),
    Rule(_("Moriones"), "easter -6", "faith", 14, _("Holy Week"), PH, FIESTA, lasts=7, place="Marinduque"),
    Rule(
        _("Flores de Mayo"), "05-01", "faith", 10, _("May; the Santacruzan ends it"), PH,
        ("cafe", "salon", "creator", "ngo"), lasts=31,
    ),
    Rule(
        _("Pahiyas"), "05-15", "culture", 14, _("15 May: San Isidro Labrador"), PH, FIESTA,
        place="Lucban, Quezon",
    ),
    Rule(
        _("Araw ng Maynila"), "06-24", "culture", 10, _("24 June: founded in 1571"), PH, FIESTA,
        place="Manila",
    ),
    Rule(
        _("Pintados-Kasadyaan"), "06-29", "culture", 14,
        _("29 June: the fiesta of the Santo Niño of Leyte"), PH, FIESTA, place="Tacloban",
    ),
    Rule(
        _("Kadayawan"), "nth 8 sun 3", "culture", 21, _("the third week of August: thanks for the harvest"),
        PH, FIESTA, place="Davao", sure=False,
    ),
    Rule(
        _("Peñafrancia"), "nth 9 sun 3", "faith", 14,
        _("the third Sunday of September; the river procession is the day before"), PH, FIESTA,
        place="Naga",
    ),
    Rule(
        _("MassKara"), "nth 10 sun 4", "culture", 21, _("the fourth Sunday of October"), PH, FIESTA,
        place="Bacolod",
    ),
    Rule(
        _("Higantes"), "11-23", "culture", 14, _("23 November: San Clemente"), PH, FIESTA,
        place="Angono, Rizal",
    ),
    Rule(
        _("Giant Lantern Festival"), "before 12-25 sat", "culture", 14, _("the Saturday before Christmas"),
        PH, FIESTA, place="San Fernando, Pampanga", sure=False,
    ),
)  # fmt: skip
