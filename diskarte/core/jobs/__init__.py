"""What runs by itself: periodic work, each run by one worker only, and heavy work in the background.

A stage's `jobs.py`, or the core's, declares it:

    @every(minutes=15)
    def read_numbers(now: datetime) -> None: ...

A job reconciles: running it twice changes nothing. Heavy work that a person starts is a `django.tasks` task.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Call = Callable[[datetime], object]


@dataclass(frozen=True)
class Job:
    """A function of the present moment that runs again and again."""

    name: str
    every: timedelta
    call: Call


ALL: dict[str, Job] = {}


def every(*, minutes: float, name: str | None = None) -> Callable[[Call], Call]:
    """Register a function `(now) -> anything`; its name is `<stage>.<function>` unless another is given."""

    def keep(call: Call) -> Call:
        known = name or f"{call.__module__.split('.')[-2]}.{call.__name__}"
        if known in ALL and ALL[known].call.__module__ != call.__module__:
            raise TypeError(f"the job {known} is declared twice")
        ALL[known] = Job(known, timedelta(minutes=minutes), call)
        return call

    return keep
