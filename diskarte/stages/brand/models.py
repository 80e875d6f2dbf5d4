"""Tables of the stage «brand»: what the brand says it is, what it sells, and against whom."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from diskarte.core.rows import Row


class Canvas(Row):
    """Who the brand is, in its own words. An empty field is a question nobody has answered yet."""

    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    idea = models.TextField(blank=True)  # the business in one breath
    sells = models.TextField(blank=True)  # what the customer buys: the category
    customers = models.TextField(blank=True)  # for whom
    need = models.TextField(blank=True)  # what they are missing
    promise = models.TextField(blank=True)  # what they get here and not elsewhere
    proof = models.TextField(blank=True)  # why anyone should believe it
    earns = models.TextField(blank=True)  # how money comes in
    price_level = models.CharField(max_length=10, blank=True)  # low, middle, high
    mission = models.TextField(blank=True)
    positioning = models.TextField(blank=True)  # written by hand; empty: assembled from the answers above
    tone = models.TextField(blank=True)
    do_words = models.JSONField(default=list)  # words we like to use
    dont_words = models.JSONField(default=list)  # words we never use
    colour = models.CharField(max_length=7, blank=True)  # "#6b3e26"
    logo = models.ForeignKey("files.File", models.SET_NULL, null=True, related_name="+")
    axes = models.JSONField(
        default=list
    )  # of the positioning map: [[left end, right end], [lower end, upper end]]
    x = models.PositiveSmallIntegerField(null=True)  # where we stand on it, 0 to 10; None: nobody said
    y = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return self.idea[:60]


class Product(Row):
    """One thing or service on sale."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)  # ISO 4217
    margin = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent of the price that stays
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), "brand", name="one_product_a_name")]

    def __str__(self) -> str:
        return self.name


class Competitor(Row):
    """Somebody the same customer could choose instead."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    site = models.URLField(max_length=500, blank=True)
    offer = models.TextField(blank=True)  # what they sell and promise
    price_level = models.CharField(max_length=10, blank=True)  # low, middle, high
    strengths = models.TextField(blank=True)  # one a line: what they do better than we do
    weaknesses = models.TextField(blank=True)  # one a line: what we do better
    source = models.CharField(max_length=200, blank=True)  # where price, strengths and weaknesses come from
    handles = models.JSONField(default=dict)  # network → handle or address; "rss" → address of a feed
    x = models.PositiveSmallIntegerField(null=True)  # on the positioning map, 0 to 10; None: nobody said
    y = models.PositiveSmallIntegerField(null=True)
    placed_by = models.CharField(max_length=200, blank=True)  # who or what says where they stand

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), "brand", name="one_competitor_a_name")]

    def __str__(self) -> str:
        return self.name


class Snapshot(Row):
    """What could be seen of a competitor on one network at one moment. Unknown is None."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    competitor = models.ForeignKey(Competitor, models.CASCADE, related_name="snapshots")
    network = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    followers = models.PositiveBigIntegerField(null=True)
    posts_a_week = models.FloatField(null=True)
    engagement = models.FloatField(null=True)  # likes + comments + shares of an average post
    posts = models.PositiveIntegerField(null=True)  # how many posts the two figures above were counted on
    source = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["competitor", "network", "-at"])]

    def __str__(self) -> str:
        return f"{self.network} {self.at:%Y-%m-%d}"


class RivalFile(Row):
    """A table of competitors' posts that was taken in, and what could not be read of it."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)
    told = models.JSONField(default=dict)  # rows, new, updated, same, bad, competitors, ignored columns
    bad_rows = models.TextField(blank=True)  # CSV with row number and reason

    def __str__(self) -> str:
        return self.name


class RivalPost(Row):
    """A post of a competitor that anybody can see, with the newest public numbers. Unknown is None."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    competitor = models.ForeignKey(Competitor, models.CASCADE, related_name="posts")
    network = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=300)
    url = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)  # words.Kind; empty: not told
    text = models.TextField(blank=True)
    likes = models.PositiveBigIntegerField(null=True)
    replies = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    seen_at = models.DateTimeField()  # when these numbers were true
    source = models.CharField(max_length=200)
    file = models.ForeignKey(RivalFile, models.CASCADE, null=True, related_name="posts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competitor", "network", "remote_id"], name="one_rival_post_an_id"
            )
        ]
        indexes = [models.Index(fields=["brand", "-at"])]

    def __str__(self) -> str:
        return self.text[:60] or self.remote_id
