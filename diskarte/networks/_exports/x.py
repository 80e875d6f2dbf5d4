"""Exports of X (Twitter) Analytics."""

from diskarte.words import Metric

from . import Export

NEW_COUNTS = {
    Metric.VIEWS: ("Impressions",),
    Metric.LIKES: ("Likes",),
    Metric.ENGAGEMENTS: ("Engagements",),
    Metric.SAVES: ("Bookmarks",),
    Metric.SHARES: ("Reposts",),
    Metric.REPLIES: ("Replies",),
    Metric.CLICKS: ("URL Clicks",),
    Metric.PROFILE_VISITS: ("Profile visits",),
    Metric.NEW_FOLLOWERS: ("New follows",),
}
DAYS = "These are totals of days, not posts. Export the posts instead: Analytics, Content, Export data."

EXPORTS = [
    Export(
        name="X, posts (to 2024)",
        network="x",
        needs=("Tweet id", "Tweet permalink", "Tweet text", "time", "impressions"),
        id="Tweet id",
        url="Tweet permalink",
        text="Tweet text",
        at="time",
        formats=("%Y-%m-%d %H:%M %z",),
        utc=True,
        media="media views",
        reply_mark="@",
        counts={
            Metric.VIEWS: ("impressions",),
            Metric.ENGAGEMENTS: ("engagements",),
            Metric.LIKES: ("likes",),
            Metric.SHARES: ("retweets",),
            Metric.REPLIES: ("replies",),
            Metric.CLICKS: ("url clicks",),
            Metric.PROFILE_VISITS: ("user profile clicks",),
            Metric.NEW_FOLLOWERS: ("follows",),
        },
    ),
    Export(
        name="X, posts (from 2024)",
        network="x",
        needs=("Post id", "Date", "Post text", "Post Link", "Impressions"),
        id="Post id",
        url="Post Link",
        text="Post text",
        at="Date",
        formats=("%a, %b %d, %Y",),
        utc=True,
        has_hour=False,
        reply_mark="@",
        counts=NEW_COUNTS,
    ),
    Export(
        name="X, days (to 2024)", network="x", needs=("Date", "Tweets published", "impressions"), refuse=DAYS
    ),
    Export(
        name="X, days (from 2024)", network="x", needs=("Date", "Impressions", "Create Post"), refuse=DAYS
    ),
]
