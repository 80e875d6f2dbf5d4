"""Export of YouTube Studio, advanced mode, «Table data»."""

from diskarte.words import Kind, Metric

from . import Export

EXPORTS = [
    Export(
        name="YouTube, videos",
        network="youtube",
        needs=("Video title", "Video publish time", "Views"),
        id="Content",
        text="Video title",
        at="Video publish time",
        formats=("%b %d, %Y",),
        has_hour=False,
        kinds={"": Kind.VIDEO},
        counts={
            Metric.VIEWS: ("Views",),
            Metric.LIKES: ("Likes",),
            Metric.REPLIES: ("Comments added",),
            Metric.SHARES: ("Shares",),
            Metric.NEW_FOLLOWERS: ("Subscribers", "Subscribers gained"),
        },
    ),
]
