import math

import pytest

from diskarte.science import scale


def test_there_and_back():
    assert scale.to_log([0, math.e - 1]).tolist() == pytest.approx([0, 1])
    assert scale.from_log(math.log(101)) == pytest.approx(100)
    assert scale.from_log(-3) == 0
    assert scale.lift(math.log(2)) == pytest.approx(2)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError):
        scale.to_log([3, -1])


def test_chances_of_the_normal_curve():
    assert scale.chance_above(0, 1) == pytest.approx(0.5)
    assert scale.chance_above(1.6449, 1) == pytest.approx(0.95, abs=1e-4)
    assert (scale.chance_above(1, 0), scale.chance_above(-1, 0), scale.chance_above(0, 0)) == (1, 0, 0.5)
    assert scale.normal_width(0.9) == pytest.approx(1.645, abs=1e-3)
    with pytest.raises(ValueError):
        scale.normal_width(1)


@pytest.mark.parametrize(("n", "low", "high"), [(0, 0, 3.0), (10, 5.43, 16.96), (100, 84.1, 118.1)])
def test_a_count_has_an_interval(n, low, high):
    """Exact ones by the chi-square distribution: 5.425 and 16.962 for 10, 84.1 and 118.1 for 100; 2.996 for 0."""
    assert scale.count_interval(n) == pytest.approx((low, high), rel=0.01, abs=0.1)
    with pytest.raises(ValueError, match="negative"):
        scale.count_interval(-1)
