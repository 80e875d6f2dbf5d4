"""What the law says about contests, by country, as hints with their source. No legal advice; read in November 2026."""

from __future__ import annotations

from dataclasses import dataclass

from diskarte.words import gettext_noop as _


@dataclass(frozen=True)
class Hint:
    """One thing to know before a contest opens. `when` narrows it: purchase, chance, or always (empty)."""

    text: str
    source: str
    url: str = ""
    when: str = ""
    lead_days: int = 0  # how long before opening it must be done


DTI = "https://fairtrade.dti.gov.ph/faq/what-promotional-activities-are-not-covered/"
HINTS: dict[str, tuple[Hint, ...]] = {
    "PH": (
        Hint(
            _(
                "A sales promotion needs a permit of the Department of Trade and Industry (for food, "
                "cosmetics and medicine: of the FDA) before it is announced; apply at least 30 days "
                "before."
            ),
            "Republic Act 7394 (Consumer Act), article 116; DTI DAO 2 series of 1993 and DAO 10-02 series of 2010",
            "https://dti.gov.ph", "", 30,
        ),
        Hint(
            _(
                "Competitions that require no purchase at all are excepted; so are parlor games and "
                "instant promotions. Ask your DTI office when in doubt."
            ),
            "DTI DAO 2 series of 1993, Rule IX, section 10; DAO 10-02 series of 2010, section 8", DTI, "free",
        ),
        Hint(
            _(
                "The announcement names duration, deadline for entries and how winners are chosen; the "
                "permit's number stands on every material."
            ),
            "Republic Act 7394, article 118; DTI, frequently asked questions on sales promotion", DTI,
        ),
        Hint(
            _("A representative of the DTI witnesses the draw: give notice of place and hour."),
            "DTI DAO 10-02 series of 2010", "", "chance",
        ),
        Hint(
            _("Entrants' names and numbers are personal data: say what for, keep them only as long as needed."),
            "Republic Act 10173 (Data Privacy Act of 2012)", "https://privacy.gov.ph",
        ),
    ),
    "US": (
        Hint(
            _(
                "A prize by chance must be free to enter: with a purchase it is a lottery. Offer a free"
                " way in and say «no purchase necessary»."
            ),
            "olshanlaw.com, Sweepstakes law basics", "https://olshanlaw.com/sweepstakes-law-basics", "purchase",
        ),
        Hint(
            _(
                "Prizes above 5,000 dollars: register and post a bond in New York (30 days before) and "
                "Florida (7 days before), or leave these states out. Rhode Island: from 500 dollars in "
                "retail."
            ),
            "New York General Business Law 369-e; Florida Statutes 849.094", "https://olshanlaw.com/sweepstakes-law-basics",
            "chance", 30,
        ),
    ),
    "GB": (
        Hint(
            _(
                "Winners are drawn by a computer process that gives verifiably random results, or under"
                " the eyes of an independent person. Keep the proof: this draw is one."
            ),
            "CAP Code, rule 8.24",
            "https://www.asa.org.uk/advice-online/promotional-marketing-prize-winners.html", "chance",
        ),
        Hint(
            _(
                "How to take part, closing date, prizes and how winners are told stand in the "
                "announcement; the closing date is not changed."
            ),
            "CAP Code, rules 8.17 and 8.28", "https://www.asa.org.uk/advice-online/promotional-marketing-prize-draws.html",
        ),
    ),
    "AU": (
        Hint(
            _(
                "New South Wales wants an authority when all prizes together exceed 10,000 dollars; "
                "other states have limits of their own. Entry must be free (a purchase at the normal "
                "price is allowed)."
            ),
            "Community Gaming Act 2018 (NSW)",
            "https://nsw.gov.au/money-and-taxes/community-gaming/trade-promotions", "chance", 14,
        ),
    ),
    "RU": (
        Hint(
            _(
                "Advertising of a promotion with a purchase names its dates and where its rules, prizes"
                " and organiser can be read."
            ),
            "Federal law 38-FZ on advertising, article 9", "https://zakonbase.ru/content/part/468081", "purchase",
        ),
    ),
}  # fmt: skip
EVERYWHERE = (
    Hint(
        _(
            "Networks want you to say that they neither sponsor nor run the contest, and to release "
            "them; entry by sharing on one's own timeline or by tagging friends is forbidden on some."
        ),
        "Pages, Groups and Events Policies, promotions", "https://www.facebook.com/policies_center/pages_groups_events",
    ),
    Hint(
        _(
            "We have no facts about this country's law: ask somebody who knows it before you announce a "
            "prize."
        ), "", "", "unknown"),
)  # fmt: skip


def hints(country: str, purchase: bool, chance: bool = True) -> list[Hint]:
    """What to know for a contest in this country, the most urgent first."""
    told = {
        "purchase": purchase,
        "free": not purchase,
        "chance": chance,
        "unknown": country not in HINTS,
        "": True,
    }
    return [hint for hint in (*HINTS.get(country, ()), *EVERYWHERE) if told[hint.when]]
