"""What correcting does by itself: once a day it looks at every brand's history again."""

from __future__ import annotations

from datetime import datetime, timedelta

from diskarte.core.jobs import every
from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Brand
from diskarte.core.people.who import worker_of

from . import actions


@every(minutes=24 * 60)
def learn(now: datetime) -> None:
    """Renew findings and proposals where numbers arrived since yesterday."""
    lately = Publication.objects.filter(numbers_at__gt=now - timedelta(days=2)).values("brand")
    for brand in Brand.objects.filter(pk__in=lately).select_related("workspace"):
        actions.learn(worker_of(brand))
