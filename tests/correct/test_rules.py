import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.correct import rules
from diskarte.stages.correct.rules import Plan, Told

REEL = Told("kind", "reel", 30, 1.8, 1.4, 2.3, 0.999)
LINK = Told("kind", "link", 30, 0.6, 0.5, 0.8, 0.001)
EVENING = Told("hour", "18-21", 40, 1.3, 1.1, 1.5, 0.99)
MONDAY = Told("weekday", "0", 20, 0.7, 0.55, 0.9, 0.01)
SETTINGS = {
    "channels": {"7": {"a_week": 4, "kinds": {"image": 2, "link": 1, "reel": 1}}},
    "prefer": [],
    "avoid": [],
}
POSSIBLE = {"7": ["image", "link", "reel"]}


def changes(found, settings=SETTINGS, possible=POSSIBLE, planned=None):
    return rules.changes(found, Plan(settings, possible, planned), 100)


@pytest.mark.parametrize(
    "told",
    [
        Told("kind", "reel", 4, 1.8, 1.4, 2.3, 0.999),  # seen too rarely
        Told("kind", "reel", 30, 1.05, 1.01, 1.1, 0.99),  # too small to matter
        Told("kind", "reel", 30, 1.5, 0.9, 2.3, 0.85),  # not sure
    ],
)
def test_what_is_not_worth_telling(told):
    assert rules.worth_telling([told]) == []


def test_mistakes_are_told_as_plainly_as_successes():
    assert rules.worth_telling([MONDAY, REEL, LINK]) == [REEL, LINK, MONDAY]


@pytest.mark.parametrize(
    ("factor", "text"), [(1.18, "+18 %"), (0.8, "−20 %"), (1.0, "0 %"), (3.14, "× 3.1"), (1.004, "0 %")]
)
def test_a_factor_in_words(factor, text):
    assert rules.signed(factor) == text


def test_sentences():
    what, values = rules.sentence("hour", "18-21", 1.3)
    assert what % values == "Posts between 18:00–21:00 do better: +30 %."
    what, values = rules.sentence("weekday", "0", 0.7)
    assert what % values == "Monday does worse: −30 %."


def test_a_good_kind_takes_one_post_a_week_from_the_worst():
    ((_pk, change),) = changes({1: REEL})
    assert change.patch == {"channels": {"7": {"a_week": 4, "kinds": {"image": 1.0, "link": 1, "reel": 2.0}}}}
    ((_pk, change),) = changes({1: REEL, 2: LINK})
    kinds = change.patch["channels"]["7"]["kinds"]
    assert kinds == {"image": 2, "reel": 2.0}  # the link had one post a week, and it is gone
    assert change.gain == pytest.approx(0.25 * (1.8 - 0.6))
    assert change.gain_low < change.gain < change.gain_high


def test_a_small_channel_weighs_little():
    beside = {"9": {"a_week": 12, "kinds": {"image": 1}}}
    ((_pk, alone),) = changes({1: REEL})
    ((_pk, among),) = changes({1: REEL}, SETTINGS | {"channels": SETTINGS["channels"] | beside})
    assert among.gain == pytest.approx(alone.gain / 4)


def test_a_kind_the_channel_cannot_carry_is_not_proposed():
    assert changes({1: REEL}, possible={"7": ["image"]}) == []


def test_a_good_hour_is_preferred_and_a_bad_day_avoided():
    found = dict(changes({1: EVENING, 2: MONDAY}))
    assert found[1].patch["prefer"] == [{"factor": "hour", "level": "18-21", "weight": 1.3}]
    assert found[2].patch["avoid"] == [{"factor": "weekday", "level": "0"}]
    assert found[1].gain == pytest.approx(0.4 * 0.3)  # at most 40 % of the slots move at once
    assert found[2].gain == pytest.approx(0.2 * 0.3)


def test_what_the_plan_does_already_is_not_proposed_again():
    done = SETTINGS | {"prefer": [{"factor": "hour", "level": "18-21", "weight": 1.3}]}
    assert changes({1: EVENING}, done) == []


def test_what_the_plan_follows_by_itself_is_not_proposed():
    follows = {("hour", "18-21"): 0.5, ("kind", "image"): 1.0}
    assert changes({1: EVENING, 2: MONDAY}, planned=follows) == []
    ignores = {("hour", "09-12"): 1.0, ("weekday", "0"): 0.3}
    assert len(changes({1: EVENING, 2: MONDAY}, planned=ignores)) == 2


def test_a_good_morning_cut_off_by_the_quiet_hours_ends_them_earlier():
    morning = Told("hour", "05-09", 60, 1.2, 1.1, 1.4, 0.99)
    ((_pk, change),) = changes({1: morning}, SETTINGS | {"quiet": ["22:00", "07:00"]})
    assert change.patch == {"quiet": ["22:00", "05:00"]}
    assert (
        change.what % change.values
        == "End the quiet hours at 05:00, so that posts between 05:00–09:00 are possible."
    )


def test_taking_away_what_was_never_tried_is_uncertain():
    ((_pk, change),) = changes({1: REEL})
    assert change.gain_low < 0 < change.gain


def test_a_change_of_mind_takes_the_old_rule_away():
    liked = SETTINGS | {"prefer": [{"factor": "weekday", "level": "0", "weight": 1.2}]}
    ((_pk, change),) = changes({1: MONDAY}, liked)
    assert change.patch == {"avoid": [{"factor": "weekday", "level": "0"}], "prefer": []}


@given(
    st.dictionaries(st.sampled_from(list(rules.KINDS)), st.floats(0.5, 5), min_size=1),
    st.integers(1, 20),
    st.sampled_from(list(rules.KINDS)),
)
def test_a_swap_never_changes_the_sum_and_never_goes_below_nought(kinds, a_week, winner):
    settings = {"channels": {"1": {"a_week": a_week, "kinds": kinds}}}
    told = Told("kind", winner, 10, 1.5, 1.2, 2.0, 0.99)
    for _pk, change in changes({1: told}, settings, {"1": list(rules.KINDS)}):
        after = change.patch["channels"]["1"]["kinds"]
        assert sum(after.values()) == pytest.approx(sum(kinds.values()), abs=0.01)
        assert min(after.values()) > 0
        assert after[winner] > kinds.get(winner, 0)


def test_input_is_never_changed():
    before = str(SETTINGS)
    changes({1: REEL, 2: EVENING})
    assert str(SETTINGS) == before
