"""The twelve questions of the guided start, with examples in the brand's trade."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from diskarte.playbooks import Playbook, every
from diskarte.stages.brand import sentences


@dataclass(frozen=True)
class Asked:
    """One field of a question as a form shows it."""

    name: str
    label: Any
    type: str = "textarea"
    rows: int = 2
    example: str = ""  # field of the playbook's examples
    help: Any = ""


@dataclass(frozen=True)
class Question:
    """One screen of the guided start."""

    step: int
    ask: Any
    why: Any  # what the answer is used for
    fields: tuple[Asked, ...]
    site: bool = False  # answered by reading a website


@dataclass(frozen=True)
class Field:
    """A field ready to be drawn: its value, where a filled-in value comes from, its example and its choices."""

    asked: Asked
    value: Any
    example: str = ""
    origin: str = ""  # where a value comes from that nobody typed
    options: list[tuple[str, str]] = field(default_factory=list)
    focus: bool = False  # the first field of its screen

    @property
    def least(self) -> int | None:
        """The smallest number it takes."""
        return 0 if self.asked.type in ("number", "money") else None

    @property
    def any(self) -> str | None:
        """Fractions are welcome in numbers."""
        return "any" if self.asked.type == "number" else None


QUESTIONS = (
    Question(
        1,
        _("What kind of business is it?"),
        _("The playbook of your trade gives every next question its examples."),
        (Asked("trade", "", "radio"),),
    ),
    Question(
        2,
        _("Does it have a website?"),
        _("We read its front page once and propose what stands there; you decide on each line."),
        (
            Asked(
                "site",
                _("Address of the website"),
                "text",
                help=_("For example kapediwata.example. No website? Skip this question."),
            ),
        ),
        site=True,
    ),
    Question(
        3,
        _("What is the business, in one breath?"),
        _("It opens your concept; everything else hangs on it."),
        (
            Asked("idea", _("The business"), example="idea"),
            Asked("mission", _("What would be missing without it?"), example="mission"),
        ),
    ),
    Question(
        4,
        _("What does the customer buy?"),
        _("Posts sell something real; prices make the offers concrete."),
        (
            Asked("sells", _("In a few words"), example="sells"),
            Asked(
                "products",
                _("Your best sellers, one a line, the price at the end"),
                rows=4,
                example="products",
            ),
        ),
    ),
    Question(
        5,
        _("For whom?"),
        _("Each group becomes a portrait with its own hooks."),
        (
            Asked("segments", _("Who of these are your people?"), "checks"),
            Asked("customers", _("In your own words"), example="customers"),
        ),
    ),
    Question(
        6,
        _("What are they missing today?"),
        _("A post that names the need is read to the end."),
        (Asked("need", _("They …"), example="need"),),
    ),
    Question(
        7,
        _("What do they get from you and nowhere else, and why is it true?"),
        _("The promise and its proof make the positioning."),
        (
            Asked("promise", _("Your promise"), example="promise"),
            Asked("proof", _("The proof"), example="proof"),
        ),
    ),
    Question(
        8,
        _("How does money come in?"),
        _("It decides which posts must sell and which may simply please."),
        (
            Asked("price_level", _("Your prices beside others"), "select"),
            Asked("earns", _("Where the money comes from"), example="earns"),
        ),
    ),
    Question(
        9,
        _("Where do customers go when not to you?"),
        _("Two or three names are enough. A first number of each makes the comparison begin today."),
        (
            Asked(
                "rivals",
                _("One a line; if you can look now, what their page shows"),
                rows=4,
                example="rivals",
                help=_("Like «Kanto Milk Tea, Facebook: kantomilktea, 3200 followers, 4 posts a week»."),
            ),
            Asked(
                "rivals_from", _("Where did you read the numbers?"), "text", help=_("Empty: on their page.")
            ),
            Asked("rivals_on", _("When?"), "date", help=_("Empty: today.")),
        ),
    ),
    Question(
        10,
        _("What must change first?"),
        _("Goals get first numbers from yours; without them they are marked as guesses."),
        (
            Asked("aims", _("Which goals fit?"), "checks"),
            Asked(
                "customers_a_month",
                _("Customers a month, roughly"),
                "number",
                help=_("Leave it open if you do not know."),
            ),
            Asked(
                "followers_now",
                _("Followers today, all pages together"),
                "number",
                help=_("Leave it open if you do not know."),
            ),
        ),
    ),
    Question(
        11,
        _("Where are you already, and how much time is there?"),
        _("The plan will never ask for more hours than you have."),
        (
            Asked(
                "places",
                _("Pages you have, one a line"),
                rows=3,
                help=_("Like «Facebook: kapediwata», or the address of the page."),
            ),
            Asked("hours", _("Hours a week for this"), "number"),
            Asked("money", _("Money a month for ads and help"), "money"),
        ),
    ),
    Question(
        12,
        _("How should it sound?"),
        _("So that two people sound like one brand."),
        (
            Asked("voice", _("Closest to you"), "radio"),
            Asked(
                "colour",
                _("Brand colour, if there is one"),
                "text",
                help=_("As six hexadecimal digits, like #6b3e26."),
            ),
        ),
    ),
)
LAST = len(QUESTIONS)
LISTS = ("segments", "aims")  # several can be chosen
NUMBERS = ("customers_a_month", "followers_now", "hours", "money")
CANVAS = ("idea", "mission", "sells", "customers", "need", "promise", "proof", "earns")
MINUTES = 20  # what a first owner needs


def fields(
    question: Question, answers: dict[str, Any], book: Playbook | None, suggested: dict[str, tuple[str, str]]
) -> list[Field]:
    """The fields of a question; what nobody answered is filled from `suggested`: field → (value, where it stood)."""
    found = [_field(asked, answers, book, suggested) for asked in question.fields]
    typed = found[0].asked.type not in ("radio", "checks")
    return [replace(found[0], focus=typed), *found[1:]]


def _field(
    asked: Asked, answers: dict[str, Any], book: Playbook | None, suggested: dict[str, tuple[str, str]]
) -> Field:
    example = book.example.get(asked.example, "") if book else ""
    value, origin = answers.get(asked.name), ""
    if value is None and asked.name in suggested:
        value, origin = suggested[asked.name]
    return Field(asked, value, example, origin, options(asked.name, book))


def options(name: str, book: Playbook | None) -> list[tuple[str, str]]:
    """The choices of a field, in the reader's language; nothing where none are offered."""
    if name == "trade":
        return [(one.name, one.title) for one in every(book.language if book else _language())]
    if name == "price_level":
        return sentences.levels()
    if book is None:
        return []
    if name == "segments":
        return [(str(i), f"{row['name']}: {row['summary']}") for i, row in enumerate(book.segments)]
    if name == "aims":
        return [(row["name"], _aim(row["sentence"])) for row in book.goals]
    if name == "voice":
        return [(str(i), f"{row['name']}: {row['tone']}") for i, row in enumerate(book.voices)]
    return []


def _aim(sentence: str) -> str:
    """A goal without its number and day: «more followers»."""
    bare = sentence.replace("{target}", str(_("more"))).split("{deadline}")[0].strip()
    for word in (" by", " pagdating ng"):
        bare = bare.removesuffix(word)
    return bare[:1].upper() + bare[1:]


def _language() -> str:
    from django.utils.translation import get_language

    return (get_language() or "en")[:3].rstrip("-")
