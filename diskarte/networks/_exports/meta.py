"""Exports of Meta Business Suite, «Insights, Content», for Facebook Pages and Instagram."""

from diskarte.words import Kind, Metric

from . import Export

COUNTS = {
    Metric.VIEWS: ("Views", "Impressions"),
    Metric.REACH: ("Reach",),
    Metric.LIKES: ("Likes", "Reactions"),
    Metric.REPLIES: ("Comments",),
    Metric.SHARES: ("Shares",),
    Metric.SAVES: ("Saves",),
    Metric.CLICKS: ("Link Clicks",),
    Metric.NEW_FOLLOWERS: ("Follows",),
}
KINDS = {
    "ig image": Kind.IMAGE,
    "ig reel": Kind.REEL,
    "ig carousel": Kind.CAROUSEL,
    "ig story": Kind.STORY,
    "photos": Kind.IMAGE,
    "photo": Kind.IMAGE,
    "videos": Kind.VIDEO,
    "video": Kind.VIDEO,
    "reels": Kind.REEL,
    "reel": Kind.REEL,
    "links": Kind.LINK,
    "link": Kind.LINK,
    "text": Kind.TEXT,
    "status": Kind.TEXT,
    "live": Kind.LIVE,
}


def _of(name: str, network: str, account: str, text: str) -> Export:
    return Export(
        name=name, network=network, needs=("Post ID", account, "Publish time", "Permalink", "Post type"),
        id="Post ID", url="Permalink", text=text, at="Publish time",
        formats=("%m/%d/%Y %H:%M",), kind="Post type", kinds=KINDS, counts=COUNTS,
    )  # fmt: skip


EXPORTS = [
    _of("Instagram, posts and reels", "instagram", "Account username", "Description"),
    _of("Facebook Page, posts", "facebook", "Page name", "Title"),
]
