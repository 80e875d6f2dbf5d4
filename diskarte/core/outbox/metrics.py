"""The outbox in numbers for Prometheus, counted from rows: right however many processes there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from diskarte.core import clock
from diskarte.core.jobs.models import Run

from . import turns
from .models import Alarm, Attempt, Beat, Channel, Delivery, Notice

BUCKETS = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400)  # seconds
HOUR = timedelta(hours=1)


class Outbox(Collector):
    """Everything about the outbox at one moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterable[Metric]:
        yield from _deliveries()
        yield _attempts()
        yield _lateness()
        yield from _queue(self.now)
        yield from _workers(self.now)
        yield from _channels()
        yield from _rest()


def page() -> bytes:
    """All metrics in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(Outbox(clock.now())))
    return generate_latest(registry)


class _Once(Collector):
    """Registering asks a collector for its names; this one is asked for its numbers only."""

    def __init__(self, inner: Collector) -> None:
        self.inner = inner

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        return self.inner.collect()


def _grouped(family: Metric, rows: Iterable[tuple[object, ...]]) -> Metric:
    """Fill a family from rows of labels with the number last."""
    for *labels, number in rows:
        family.add_metric([str(label or "none") for label in labels], number)  # type: ignore[attr-defined]
    return family


def _deliveries() -> Iterator[Metric]:
    says = "Deliveries by state and network."
    rows = Delivery.objects.order_by().values_list("state", "channel__network").annotate(n=Count("pk"))
    yield _grouped(GaugeMetricFamily("diskarte_deliveries", says, labels=["state", "network"]), rows)


def _attempts() -> Metric:
    says = "Attempts by what they led to and network; outcome none: nobody saw the end."
    rows = (
        Attempt.objects.order_by()
        .values_list("outcome", "delivery__channel__network")
        .annotate(n=Count("pk"))
    )
    return _grouped(CounterMetricFamily("diskarte_attempts", says, labels=["outcome", "network"]), rows)


def _lateness() -> Metric:
    """How long after its planned moment each sent delivery was out; one query for all buckets."""
    late = ExpressionWrapper(F("sent_at") - F("planned_at"), output_field=DurationField())
    within = {
        f"b{b}": Count("pk", filter=Q(sent_at__lte=F("planned_at") + timedelta(seconds=b))) for b in BUCKETS
    }
    rows = Delivery.objects.filter(state="sent", sent_at__isnull=False)
    found = rows.aggregate(n=Count("pk"), total=Sum(late), **within)
    buckets = [(str(float(b)), found[f"b{b}"]) for b in BUCKETS] + [("+Inf", found["n"])]
    total = found["total"].total_seconds() if found["total"] else 0.0
    family = HistogramMetricFamily("diskarte_lateness_seconds", "Seconds from planned to sent.")
    family.add_metric([], buckets, sum_value=total)
    return family


def oldest_due(now: datetime) -> float:
    """Seconds the oldest delivery that could be taken has waited; 0 when none could."""
    first = turns.due(now).aggregate(first=Min("due_at"))["first"]
    return max(0.0, (now - first).total_seconds()) if first else 0.0


def _queue(now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "diskarte_oldest_due_seconds",
        "How long the oldest delivery that could go out waits.",
        oldest_due(now),
    )
    depth = GaugeMetricFamily(
        "diskarte_queue_depth", "Queued deliveries by when they are due.", labels=["due"]
    )
    queued = Delivery.objects.filter(state="queued")
    found = queued.aggregate(
        now=Count("pk", filter=Q(due_at__lte=now)),
        hour=Count("pk", filter=Q(due_at__gt=now, due_at__lte=now + HOUR)),
        later=Count("pk", filter=Q(due_at__gt=now + HOUR)),
    )
    yield _grouped(depth, found.items())


def _workers(now: datetime) -> Iterator[Metric]:
    beats = list(Beat.objects.filter(at__gt=now - HOUR).values_list("owner", "at"))
    family = GaugeMetricFamily(
        "diskarte_worker_beat_age_seconds", "Seconds since each worker's sign of life.", labels=["worker"]
    )
    yield _grouped(family, [(owner, max(0.0, (now - at).total_seconds())) for owner, at in beats])


def _channels() -> Iterator[Metric]:
    rows = Channel.objects.order_by().values_list("state", "network").annotate(n=Count("pk"))
    says = "Channels by state and network."
    yield _grouped(GaugeMetricFamily("diskarte_channels", says, labels=["state", "network"]), rows)
    renewed = Channel.objects.order_by().values_list("network").annotate(n=Sum("version"))
    says = "Times channels got new permission, renewed or connected again."
    yield _grouped(CounterMetricFamily("diskarte_permission_refreshes", says, labels=["network"]), renewed)


def _rest() -> Iterator[Metric]:
    alarms = Alarm.objects.filter(solved_at=None).order_by().values_list("kind").annotate(n=Count("pk"))
    yield _grouped(
        GaugeMetricFamily("diskarte_alarms_open", "Troubles told and not solved.", labels=["kind"]), alarms
    )
    notices = Notice.objects.order_by().values_list("way", "state").annotate(n=Count("pk"))
    yield _grouped(
        GaugeMetricFamily("diskarte_notices", "Letters and calls about troubles.", labels=["way", "state"]),
        notices,
    )
    jobs = Run.objects.exclude(last_error="").order_by("name").values_list("name", flat=True)
    family = GaugeMetricFamily("diskarte_job_failing", "Periodic jobs whose last run failed.", labels=["job"])
    yield _grouped(family, [(name, 1) for name in jobs])
