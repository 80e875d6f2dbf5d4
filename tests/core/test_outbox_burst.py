"""The bench of bursts in small: a real worker process, the fake that checks every request, rows with their figures."""

import httpx
import numpy as np
import pytest

from bench import Missing
from bench._workers import Ledger, specfake
from bench.outbox_burst import Run, bare, burst, part, told
from bench.outbox_burst import the_fake as place_of
from tests.servers import shared


def figures(rows):
    return {row.metric: row.ours for row in rows}


@pytest.mark.servers
def test_a_small_burst_goes_out_once_and_is_told_in_figures(tmp_path):
    shared("servers", "specfake.py")
    ledger = Ledger(tmp_path, threads=3)
    with specfake() as fake:
        place = place_of(fake["url"], posts=8, accounts=2)
        rate = bare(place, ledger, "warm")
        ran = burst(place, ledger, 1, "Run")
        httpx.post(
            f"{fake['url']}/mastodon/api/v1/statuses",
            json={"status": "Run 0"},
            headers={"Authorization": "Bearer t0"},
        )
        httpx.post(f"{fake['url']}/mastodon/api/v1/statuses", json={"no": "such field"})
        copies = place.moments("Run", ledger)
        assert (sorted(map(len, copies.values())), place.violations()) == (
            [1] * 7 + [2],
            1,
        )  # it would be seen
    assert rate > 0
    found = figures(told("8 posts", False, True, ran, rate))
    assert (found["posts made twice"], found["calls the fake refused"]) == (0, 0)
    assert 0 < found["lateness p50"] <= found["lateness p99"]
    assert found["most memory of a worker"] > 20
    assert ledger.count("state = 'sent'") == 8


def test_the_rate_counts_posts_not_copies_until_the_last():
    ran = Run(np.array([1.0, 2.0, 4.0, 4.0]), twice=1, refused=2, memory=100)
    found = figures(told("3 posts", False, True, ran, 1.5))
    assert found["posts a second"] == 0.75
    assert found["of the bare loop's rate"] == 0.5
    assert (found["posts made twice"], found["calls the fake refused"]) == (1, 2)


def test_a_part_that_cannot_run_is_a_row_that_says_so():
    def missing():
        raise Missing("no server here")

    (row,) = part("The fake", missing)
    assert (row.case, row.met) == ("The fake: did not run", False)


def test_a_command_that_fails_says_what_it_said(tmp_path):
    ledger = Ledger.__new__(Ledger)
    ledger.env = {}
    with pytest.raises(Missing, match="no such thing"):
        ledger.python("-c", "raise SystemExit('no such thing')")
    assert ledger.python("-c", "print('yes')") == "yes\n"
