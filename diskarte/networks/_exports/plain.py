"""Our own plain table: one post a row, for everything that has no export of its own."""

from diskarte.words import Kind, Metric

from . import Export

EXPORTS = [
    Export(
        name="Plain table of posts",
        network="",  # the column `network` of each row, or the channel chosen
        needs=("date", "text"),
        id="id",
        url="url",
        text="text",
        at="date",
        formats=("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"),
        kind="kind",
        kinds={kind.value: kind for kind in Kind},
        counts={
            Metric.VIEWS: ("views", "impressions"),
            Metric.REACH: ("reach",),
            Metric.LIKES: ("likes", "reactions"),
            Metric.REPLIES: ("replies", "comments"),
            Metric.SHARES: ("shares", "reposts"),
            Metric.SAVES: ("saves",),
            Metric.CLICKS: ("clicks",),
            Metric.ENGAGEMENTS: ("engagements",),
        },
    ),
    Export(
        name="Followers by day",
        network="",
        needs=("date", "followers"),
        at="date",
        formats=("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"),
        counts={Metric.FOLLOWERS: ("followers",)},
    ),
]
