"""Every verb of the stage «engage»."""

from diskarte.core.actions import read
from diskarte.core.people.who import Who
from diskarte.core.standing import Standing


@read(may="engage.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    return Standing("empty")
