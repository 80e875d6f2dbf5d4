"""What several rows tell of one person, as SQL. Silence erases nothing; a «no» is never a «yes» again."""

from __future__ import annotations

from ..columns import PEOPLE, PERSON

TEXTS = [name for name in PERSON if name not in ("joined_at", "consent", "facts")]
MERGED = ", ".join(
    [
        *(f"coalesce(arg_max({name}, n) FILTER ({name} <> ''), '') AS {name}" for name in TEXTS),
        "arg_max(joined_at, n) FILTER (joined_at IS NOT NULL) AS joined_at",
        "CASE WHEN bool_or(consent = 'no') THEN 'no' WHEN bool_or(consent = 'yes') THEN 'yes' ELSE 'unknown' END"
        " AS consent",
        "coalesce(list_reduce(list(facts ORDER BY n) FILTER (facts <> ''),"
        " lambda x, y: json_merge_patch(x, y)::VARCHAR), '') AS facts",
    ]
)
FACTS = (
    "CASE WHEN news.facts = '' THEN old.facts WHEN old.facts = '' THEN news.facts"
    " ELSE json_merge_patch(old.facts, news.facts)::VARCHAR END"
)
TURNED = "(news.consent <> 'unknown' AND news.consent <> old.consent AND old.consent <> 'no')"
NEWS = " OR ".join(
    [
        *(f"(news.{name} <> '' AND news.{name} <> old.{name})" for name in TEXTS),
        "(news.joined_at IS NOT NULL AND news.joined_at IS DISTINCT FROM old.joined_at)",
        TURNED,
        f"({FACTS}) <> old.facts",
    ]
)


def renewed(origin: str) -> str:
    """A person as they are after the news; `origin`: where a consent told anew comes from, as SQL."""
    told = {name: f"coalesce(nullif(news.{name}, ''), old.{name})" for name in TEXTS}
    told |= {
        "joined_at": "coalesce(news.joined_at, old.joined_at)",
        "consent": f"CASE WHEN {TURNED} THEN news.consent ELSE old.consent END",
        "facts": FACTS,
        "consent_from": f"CASE WHEN {TURNED} THEN {origin} ELSE old.consent_from END",
    }
    return ", ".join(f"{told.get(name, f'old.{name}')} AS {name}" for name in PEOPLE)
