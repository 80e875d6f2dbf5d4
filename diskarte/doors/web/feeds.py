"""A brand's own feed: what was published on it, for anybody who knows its address. The deliveries are the entries."""

from __future__ import annotations

import html
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.http import require_safe

from diskarte import networks
from diskarte.core.files.models import File
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.words import LINK

ENTRIES = 50


class WithPictures(Rss201rev2Feed):
    """RSS 2.0 with each picture and its description (Media RSS)."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for file, url in item["files"]:
            handler.startElement("media:content", {"url": url, "type": file.mime, "fileSize": str(file.size)})
            handler.addQuickElement("media:description", file.alt)
            handler.endElement("media:content")


@login_not_required
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The latest entries, the newest first; the key is the permission."""
    channel = _channel(key)
    site = settings.SITE.rstrip("/")
    told = WithPictures(str(channel), site, channel.brand.name, feed_url=f"{site}/feeds/{key}.xml")
    for entry in entries(channel)[:ENTRIES]:
        _add(told, entry, f"{site}/feeds/{key}")
    answer = HttpResponse(told.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@login_not_required
@require_safe
def media(request: HttpRequest, key: str, delivery: int, file: int) -> FileResponse:
    """One picture or video of an entry."""
    entry = entries(_channel(key)).filter(pk=delivery).first()
    found = File.objects.filter(pk=file, brand=entry.brand_id).first() if entry else None
    if (
        entry is None
        or found is None
        or file not in entry.content.get("media", [])
        or not found.path.exists()
    ):
        raise Http404
    answer = FileResponse(found.path.open("rb"), filename=found.name, content_type=found.mime)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def entries(channel: Channel) -> Any:
    """What is in the feed: sent on this channel and not deleted since."""
    gone = Delivery.objects.filter(channel=channel, action="delete", state="sent")
    names = [str(told) for told in gone.values_list("content__remote_id", flat=True)]
    rows = Delivery.objects.filter(channel=channel, action="publish", state="sent")
    return rows.exclude(remote_id__in=names).order_by("-planned_at", "-pk")


def _channel(key: str) -> Channel:
    feeds = [name for name, network in networks.all_networks().items() if network.is_feed]
    found = Channel.objects.filter(identity=key, network__in=feeds).select_related("brand").first()
    if found is None:
        raise Http404
    return found


def _add(told: WithPictures, entry: Delivery, address: str) -> None:
    texts = [entry.content.get("text", ""), *entry.content.get("parts", [])]
    whole = "\n\n".join(text for text in texts if text)
    files = File.objects.filter(pk__in=entry.content.get("media", []), brand=entry.brand_id)
    found = LINK.search(whole)
    told.add_item(
        whole.strip().partition("\n")[0][:120], found.group() if found else f"{address}.xml#{entry.key}", _page(whole),
        unique_id=entry.key, unique_id_is_permalink=False, pubdate=entry.planned_at,
        files=[(file, f"{address}/{entry.pk}/{file.pk}") for file in files],
    )  # fmt: skip


def _page(text: str) -> str:
    """The text as paragraphs; readers show them, so nothing in it may be taken for markup."""
    written = [html.escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{part}</p>" for part in written)
