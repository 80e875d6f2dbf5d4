"""What to post and when: how a brand's own history says type, topic and hour move its numbers.

Answers: what is this candidate post likely to bring, how sure are we, why, and which lever matters most
    here?
Model: y = log(1 + engagement) of a post = the brand's level + a sum of causes (causes.py) + three slow
    movements (trend over 8 posts, over 60, and of each type over 100) + noise. Every cause is a Gaussian
    process whose variance is fitted to this history under a prior (variances.py), so a cause with little
    evidence is pulled to "no difference". Because every cause is a weighted sum of columns, all answers
    are sums over one posterior (mean, covariance). From 60 posts on, an expectation goes half the way to
    a second opinion (second.py), named "pattern" in `why`.
Assumptions: posts come in the order they were published; y is final (older than a week, or divided by
    maturity); effects add on the log scale; an observed difference need not be caused (the best content
    may get the best hour).
Edge cases: under 5 posts the variances are the prior's; a constant history gets a variance floor and
    `signal` False; a post further than 4 sd from what the others say about it is drawn in to 4; only the
    newest 400 posts are used.
Units: log scale inside, `Lift` as factors (1.2 = 20 % more than the brand's usual post).
Errors: weekday or hour out of range, y not finite: ValueError. Cost: about 0.2 s for 400 posts.
Source: method a; Rasmussen & Williams 2006, chapters 2 and 5. It replaces the heat map of means, which on
    real histories is worse than the overall mean.
"""

from diskarte.science.timing.answers import Cell, Effect, Lift, Predicted, Timing
from diskarte.science.timing.causes import DAYPARTS, GAPS, Candidate, Levels, Past, daypart
from diskarte.science.timing.learn import Prior, fit
from diskarte.science.timing.pooled import pool

__all__ = [
    "DAYPARTS",
    "GAPS",
    "Candidate",
    "Cell",
    "Effect",
    "Levels",
    "Lift",
    "Past",
    "Predicted",
    "Prior",
    "Timing",
    "daypart",
    "fit",
    "pool",
]
