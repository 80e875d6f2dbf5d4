"""What people call the numbers and the kinds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

METRICS = {
    "views": _("Views"),
    "reach": _("Reach"),
    "likes": _("Likes"),
    "replies": _("Replies"),
    "shares": _("Shares"),
    "saves": _("Saves"),
    "clicks": _("Link clicks"),
    "engagements": _("Engagements"),
    "profile_visits": _("Profile visits"),
    "new_followers": _("New followers"),
}
SEEN = ("views", "reach")  # one scale on a chart
DONE = ("engagements", "likes", "replies", "shares", "saves", "clicks")  # another
KINDS = {
    "text": _("Text"),
    "image": _("Picture"),
    "carousel": _("Carousel"),
    "reel": _("Reel"),
    "video": _("Video"),
    "story": _("Story"),
    "link": _("Link"),
    "poll": _("Poll"),
    "live": _("Live"),
    "article": _("Article"),
}
WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
SORTS = [
    ("at", _("Newest")),
    ("engaged", _("Most engagements")),
    ("views", _("Most views")),
    ("rate", _("Best rate")),
]
PLACES = [
    ("X", _("Analytics, Content, Export data. Files up to 2024 are understood too.")),
    ("Instagram, Facebook", _("Meta Business Suite, Insights, Content, Export data.")),
    ("TikTok", _("Studio, Analytics, Content, Download data.")),
    ("YouTube", _("Studio, Analytics, Advanced mode, Export; the file «Table data».")),
    (
        _("Anything else"),
        _("A table with the columns date, text, kind, views, likes, replies, shares, clicks."),
    ),
    (_("Followers"), _("A table with the columns date, followers.")),
]
