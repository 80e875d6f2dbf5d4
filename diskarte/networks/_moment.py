"""A network's way to write a moment, read as UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(told: str) -> datetime:
    """An ISO moment; one without a zone is meant in UTC, as every network's reference says."""
    at = datetime.fromisoformat(told)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
