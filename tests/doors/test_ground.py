"""One worker as a process: it can be told to stop from its first moment, and says so when it ends by itself."""

import signal
import threading

import pytest

from diskarte.doors import ground


@pytest.fixture
def handlers(monkeypatch):
    kept = {}
    monkeypatch.setattr(signal, "signal", kept.__setitem__)
    return kept


def started(monkeypatch, run):
    def start(stop):
        thread = threading.Thread(target=run, args=(stop,))
        thread.start()
        return stop, thread

    monkeypatch.setattr(ground, "start_worker", start)


def test_told_to_stop_while_it_starts_it_ends_gently(monkeypatch, handlers):
    ended = []

    def run(stop):
        handlers[signal.SIGTERM](signal.SIGTERM, None)  # as early as it gets
        ended.append(stop.wait(10))

    started(monkeypatch, run)
    ground.work()
    assert ended == [True]
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}


def test_a_worker_that_ends_by_itself_ends_the_process_with_a_sentence(monkeypatch, handlers):
    started(monkeypatch, lambda stop: None)
    with pytest.raises(SystemExit, match="ended by itself"):
        ground.work()
