"""Exports of TikTok Studio, «Content» (one video a row)."""

from diskarte.words import Kind, Metric

from . import Export

EXPORTS = [
    Export(
        name="TikTok, videos",
        network="tiktok",
        needs=("Video title", "Video link", "Post time", "Total views"),
        id="Video link",
        url="Video link",
        text="Video title",
        at="Post time",
        formats=("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"),
        kinds={"": Kind.REEL},
        counts={
            Metric.VIEWS: ("Total views",),
            Metric.LIKES: ("Total likes",),
            Metric.REPLIES: ("Total comments",),
            Metric.SHARES: ("Total shares",),
            Metric.SAVES: ("Add to favorites",),
        },
    ),
    Export(
        name="TikTok, overview",
        network="tiktok",
        needs=("Date", "Video Views", "Profile Views", "Likes"),
        refuse="These are totals of days without a year. Export «Content» instead: Studio, Analytics, Content.",
    ),
]
