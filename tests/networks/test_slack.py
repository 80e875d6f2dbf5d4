"""Threads on Slack: every part hangs on the first, and a doubt in the middle is settled by reading the thread."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from diskarte.networks import get
from diskarte.words import Sent, Unknown
from tests.networks.wire import POST, api_that, to_the_end

PARTS = ("And more of it", "And the end")
THREAD = replace(POST, parts=PARTS)
START = POST.due_at.timestamp()


class Workspace:
    """A channel that keeps messages; `cut` numbers posts whose answer is lost after it was kept."""

    def __init__(self, *cut):
        self.kept, self.cut, self.more = [], set(cut), False
        self.api = api_that("slack", self.answer)
        self.api.clock = lambda: POST.due_at + timedelta(minutes=1)

    def answer(self, request):
        method = request.url.path.rpartition("/")[2]
        if method == "chat.postMessage":
            return self.keep(json.loads(request.content))
        asked = request.url.params
        thread = asked.get("ts", "")
        shown = [m for m in self.kept if m["thread_ts"] == thread or m["ts"] == thread]
        return httpx.Response(200, json={"ok": True, "messages": shown, "has_more": self.more})

    def keep(self, asked):
        number = len(self.kept)
        one = {"ts": f"{START + number:.6f}", "text": asked["text"], "user": "U1"}
        self.kept.append(one | {"thread_ts": asked.get("thread_ts", "")})
        if number in self.cut:
            raise httpx.ReadTimeout("cut")
        return httpx.Response(200, json={"ok": True, "channel": "C1", "ts": one["ts"]})

    def texts(self):
        return [message["text"] for message in self.kept]


def settled(there, post=THREAD):
    """As the engine does: a doubt, a look, and on with what is not there."""
    memo = {}
    for _ in range(20):
        try:
            answer = get("slack").publish(there.api, post, memo)
        except Unknown:
            found = get("slack").find(there.api, post)
            if found:
                return found
            continue
        if isinstance(answer, Sent):
            return answer
        memo = answer.memo
    raise AssertionError("never finished")


def test_all_parts_hang_on_the_first():
    there = Workspace()
    done = to_the_end(get("slack"), there.api, THREAD)
    first = there.kept[0]["ts"]
    assert there.texts() == [POST.text, *PARTS]
    assert [m["thread_ts"] for m in there.kept] == ["", first, first]
    assert done.remote_id == first
    assert done.told["parts"] == [m["ts"] for m in there.kept[1:]]


@pytest.mark.parametrize("lost", [(0,), (1,), (2,), (0, 1, 2)])
def test_a_lost_answer_anywhere_leaves_no_part_twice(lost):
    there = Workspace(*lost)
    done = settled(there)
    assert there.texts() == [POST.text, *PARTS]
    assert done.remote_id == there.kept[0]["ts"]


def test_a_whole_thread_is_found_and_half_of_one_is_not():
    there = Workspace()
    done = to_the_end(get("slack"), there.api, THREAD)
    assert get("slack").find(there.api, THREAD) == done
    del there.kept[-1]
    assert get("slack").find(there.api, THREAD) is None


def test_too_long_a_list_is_a_doubt_and_not_absence():
    there = Workspace()
    there.more = True
    with pytest.raises(Unknown, match="too few"):
        get("slack").find(there.api, THREAD)


def test_a_part_that_says_the_same_as_the_first_is_another_message():
    there = Workspace(1)
    settled(there, replace(POST, parts=(POST.text,)))
    assert there.texts() == [POST.text, POST.text]
