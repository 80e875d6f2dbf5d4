"""What every test needs: the shared data, a signed-in browser client."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ours", deadline=None)  # a busy machine is no fault: timings are never asserted
settings.load_profile("ours")

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DISKARTE_SHARED", ROOT.parent / "shared")).absolute()


def shared(*parts: str) -> Path:
    """A file or folder of the shared test material; the test is skipped when it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not there: set DISKARTE_SHARED to the shared test material")
    return path


@pytest.fixture
def web(client, db):
    """A browser client where Alice, the owner of Kape Diwata, is signed in."""
    from tests import make

    client.force_login(make.alice().person)
    return client


@pytest.fixture(autouse=True)
def in_english():
    """A page leaves its language and its clock behind in this thread; the next test begins in English, in UTC."""
    yield
    from django.utils import timezone, translation

    translation.deactivate()
    timezone.deactivate()
