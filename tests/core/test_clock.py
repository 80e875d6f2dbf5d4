"""One clock, which a rehearsal can set."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from diskarte.core import clock

THEN = datetime(2030, 1, 1, tzinfo=UTC)


def test_it_is_now_unless_it_is_then():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with clock.at(THEN):
        assert clock.now() == THEN
        with clock.at(THEN + timedelta(days=1)):
            assert clock.now().day == 2
        assert clock.now() == THEN
    assert clock.now() != THEN


def test_another_thread_keeps_the_real_time():
    seen = []
    with clock.at(THEN):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != THEN


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2030, 1, 1)):
        pass
