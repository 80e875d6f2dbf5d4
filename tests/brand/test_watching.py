"""Looking at competitors: feeds over a real server on loopback, and networks that let a program read."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from diskarte.core import clock
from diskarte.stages.brand import jobs, market
from diskarte.stages.brand.models import RivalPost
from diskarte.words import Problem
from tests.brand.builders import a_channel, a_rival
from tests.make import NOW, alice

pytestmark = pytest.mark.django_db
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Kanto</title>
<item><guid>1</guid><title>New roast</title><description>&lt;b&gt;From Benguet&lt;/b&gt;</description>
<link>https://kanto.example/1</link><pubDate>Mon, 23 Nov 2026 10:00:00 +0800</pubDate></item>
<item><title>No day, no id</title></item></channel></rss>"""
PAGES = {"/feed": (200, FEED), "/page": (200, b"<html><p>no feed</p>"), "/gone": (404, b"")}


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = PAGES[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with clock.at(NOW):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_feed_is_read_once(site):
    who = alice()
    a_rival(who, handles=[f"RSS: {site}/feed"])
    assert [(seen.network, seen.new, seen.why) for seen in market.read_competitors(who)] == [("rss", 1, "")]
    assert market.read_competitors(who)[0].new == 0
    kept = RivalPost.objects.get()
    assert (kept.network, kept.text, kept.url) == (
        "rss",
        "New roast\nFrom Benguet",
        "https://kanto.example/1",
    )
    assert kept.at.isoformat() == "2026-11-23T02:00:00+00:00"
    assert kept.likes is None


@pytest.mark.parametrize(("path", "says"), [("page", "not a feed"), ("gone", "answers 404")])
def test_what_is_no_feed_is_said(site, path, says):
    who = alice()
    a_rival(who, handles=[f"RSS: {site}/{path}"])
    assert says in market.read_competitors(who)[0].why


def test_an_address_inside_is_never_called(site, settings):
    settings.ALLOW_LOOPBACK = False
    who = alice()
    a_rival(who, handles=[f"RSS: {site}/feed"])
    assert "not on the public internet" in market.read_competitors(who)[0].why


def test_a_network_without_a_channel_of_ours_says_what_to_do():
    who = alice()
    a_rival(who, handles=["bluesky: @kanto.example"])
    assert "signed in" in market.read_competitors(who)[0].why


def test_places_no_program_may_read_are_left_out():
    who = alice()
    a_rival(who, handles=["Facebook: @kanto"])
    with pytest.raises(Problem, match="may read"):
        market.read_competitors(who)


def test_public_posts_of_a_network_are_kept(monkeypatch):
    from diskarte import networks
    from diskarte.networks.base import PublicPost
    from diskarte.words import Metric

    who = alice()
    a_channel(who, network="bluesky")
    a_rival(who, handles=["bluesky: @kanto.example"])
    seen = PublicPost("at://1", "hello", NOW, "https://b.example/1", {Metric.LIKES: 4, Metric.SHARES: None})
    monkeypatch.setattr(networks.get("bluesky"), "read_public", lambda api, handle: [seen], raising=False)
    with clock.at(NOW):
        assert jobs.look_at_competitors(NOW) == 1
    kept = RivalPost.objects.get()
    assert (kept.network, kept.likes, kept.shares, kept.source) == (
        "bluesky",
        4,
        None,
        "read from @kanto.example",
    )
