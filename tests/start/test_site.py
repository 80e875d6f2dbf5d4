"""What a website says: real pages over a real line, and everything that can be wrong with them."""

import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from diskarte.start import reading, site
from diskarte.words import Problem

CAFE = """<!doctype html><html lang="tl-PH"><head><meta charset="utf-8"><title>Kape Diwata | Café in Quezon City</title>
<meta name="theme-color" content="#2F4F43"><meta property="og:description" content="Coffee from Filipino farms.">
<meta property="og:image" content="/pictures/logo.png"><meta property="og:site_name" content="Kape Diwata PH">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "CafeOrCoffeeShop", "name": "Kape Diwata", "telephone": "+63 2 8123 4567", "email": "mailto:hi@kape.example",
  "description": "A small café &amp; roastery that names its farmers.",
  "address": {"streetAddress": "12 Maginhawa St", "addressLocality": "Quezon City", "postalCode": "1101"},
  "openingHoursSpecification": [{"dayOfWeek": ["Monday", "Tuesday", "https://schema.org/Friday"], "opens": "07:00:00",
  "closes": "21:00"}],
  "sameAs": ["https://www.facebook.com/kapediwata", "https://www.instagram.com/kapediwata/"],
  "hasMenu": {"@type": "Menu", "hasMenuItem": [{"@type": "MenuItem", "name": "Spanish latte",
   "offers": {"@type": "Offer", "price": "165.00", "priceCurrency": "PHP"}}]}},
 {"@type": "Product", "name": "Sagada Washed, 250 g", "offers": [{"price": "1,450", "priceCurrency": "PHP"}]}]}</script>
</head><body><a href="https://www.facebook.com/sharer/sharer.php?u=x">Share</a>
<a href="https://www.tiktok.com/@kapediwata">TikTok</a><a href="tel:+639170000000">Call</a>
<div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Drip bags</span>
<meta itemprop="price" content="420"><meta itemprop="priceCurrency" content="PHP"></div></body></html>"""


def values(found, kind):
    return [one.value for one in found if one.kind == kind]


def test_every_place_of_a_page_is_read_and_named():
    found = site.read(CAFE.encode(), "https://kape.example/")
    assert values(found, "name") == ["Kape Diwata"]
    assert values(found, "idea") == ["A small café & roastery that names its farmers."]
    assert values(found, "phone") == ["+63 2 8123 4567", "+639170000000"]
    assert values(found, "email") == ["hi@kape.example"]
    assert values(found, "address") == ["12 Maginhawa St, Quezon City, 1101"]
    assert values(found, "hours") == ["Mon–Fri 07:00–21:00"]
    assert values(found, "language") == ["fil"]
    assert values(found, "colour") == ["#2f4f43"]
    assert values(found, "logo") == ["https://kape.example/pictures/logo.png"]
    assert values(found, "page") == [
        "Facebook: https://facebook.com/kapediwata", "Instagram: https://instagram.com/kapediwata",
        "TikTok: https://tiktok.com/@kapediwata",
    ]  # fmt: skip
    goods = {one.value: (one.price, one.currency, one.place) for one in found if one.kind == "product"}
    assert goods == {
        "Spanish latte": ("165.00", "PHP", site.JSON_LD),
        "Sagada Washed, 250 g": ("1450", "PHP", site.JSON_LD),
        "Drip bags": ("420", "PHP", site.MICRODATA),
    }
    assert all(one.url == "https://kape.example/" for one in found)


def test_without_descriptions_the_main_text_is_proposed():
    words = "We repair bicycles in Marikina while you wait. " * 6
    page = f"<html><head><title>Ayos</title></head><body><article><h1>Ayos</h1><p>{words}</p></article></body></html>"
    found = site.read(page.encode(), "https://ayos.example/")
    (idea,) = [one for one in found if one.kind == "idea"]
    assert idea.place == site.TEXT
    assert idea.value.startswith("We repair bicycles") or "We repair bicycles" in idea.value


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ('<meta charset="windows-1252"><title>Café Niño</title>'.encode("windows-1252"), ""),
        ("<title>Café Niño</title>".encode("windows-1252"), "windows-1252"),
        ("<title>Café Niño</title>".encode(), "no-such-charset"),
        ("\ufeff<title>Café Niño</title>".encode(), ""),
    ],
)
def test_encodings_are_understood(body, charset):
    assert values(site.read(body, "https://x.example/", charset), "name") == ["Café Niño"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<", b"<html><head><title>Open <b>never closed", b"\x00\x01\x02<html>\xff\xfe",
        b'<script type="application/ld+json">{"@type": "Store", "name": </script><title>Broken</title>',
        b'<script type="application/ld+json">{"@type": ["Store"], "name": {"@value": "N"}, "sameAs": [null]}</script>',
        b'<script type="application/ld+json">' + b"[" * 5000 + b"</script><title>Deep</title>",
        b'<meta property="og:image" content="http://[broken"><title>Bad links</title><a href="http://[x">x</a>',
    ],
)  # fmt: skip
def test_broken_pages_are_read_as_far_as_they_go(body):
    assert isinstance(site.read(body, "https://x.example/"), list)


# Over a real line


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = self.server.answers[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for part in body:
                self.wfile.write(part)
        except OSError:
            pass  # the reader has had enough

    def log_message(self, *given):
        pass


@pytest.fixture
def server():
    """A web server on this machine; fill `answers`: path → (status, headers, parts of the body)."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    httpd.daemon_threads = True
    httpd.answers = {}
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    httpd.url = f"http://127.0.0.1:{httpd.server_port}"
    yield httpd
    httpd.shutdown()
    httpd.server_close()


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_is_read_over_the_line_and_over_a_redirect(server):
    server.answers["/"] = (302, {"Location": "/home"}, [])
    server.answers["/home"] = (200, HTML, [CAFE.encode()])
    found = reading.page(server.url + "/")
    assert values(found, "name") == ["Kape Diwata"]
    assert found[0].url == server.url + "/home"


def test_a_private_address_is_refused(server, settings):
    settings.ALLOW_LOOPBACK = False
    for address in (
        server.url,
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "file:///etc/passwd",
    ):
        with pytest.raises(Problem):
            reading.page(address)


def test_a_redirect_to_a_private_address_is_refused(server):
    for where in (
        "http://192.168.0.1/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ):
        server.answers["/out"] = (302, {"Location": where}, [])
        with pytest.raises(Problem, match="not on the public internet"):
            reading.page(server.url + "/out")


def test_a_huge_page_is_cut_off(server):
    server.answers["/huge"] = (200, HTML, (b"<p>" + b"x" * 65536 for _ in range(200)))
    with pytest.raises(Problem, match="larger than 3"):
        reading.page(server.url + "/huge")


def test_a_small_answer_that_unfolds_to_a_huge_page_is_cut_off(server):
    packed = gzip.compress(b"<p>" + b"x" * 50_000_000)
    assert len(packed) < 100_000
    server.answers["/bomb"] = (200, HTML | {"Content-Encoding": "gzip"}, [packed])
    with pytest.raises(Problem, match="larger than 3"):
        reading.page(server.url + "/bomb")


def test_a_page_that_sends_round_in_circles_is_given_up(server):
    server.answers["/a"] = (302, {"Location": "/b"}, [])
    server.answers["/b"] = (302, {"Location": "/a"}, [])
    with pytest.raises(Problem) as told:
        reading.page(server.url + "/a")
    assert told.value.what


@pytest.mark.parametrize(
    "inside", ["10.1.2.3", "192.168.1.1", "169.254.169.254", "127.0.0.1", "::1", "fd00::1"]
)
def test_a_name_that_leads_inside_is_refused(settings, monkeypatch, inside):
    settings.ALLOW_LOOPBACK = False
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *given, **more: [(family, socket.SOCK_STREAM, 6, "", (inside, 80))]
    )
    with pytest.raises(Problem, match="not on the public internet"):
        reading.page("http://cafe.example/")


def test_a_slow_page_is_given_up(server, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    stop = threading.Event()

    def slowly():
        yield b"<html>"
        stop.wait(3)
        yield b"</html>"

    server.answers["/slow"] = (200, HTML, slowly())
    begun = time.monotonic()
    with pytest.raises(Problem, match="could not be read"):
        reading.page(server.url + "/slow")
    stop.set()
    assert time.monotonic() - begun < 3


def test_what_is_no_page_is_refused_in_words(server):
    server.answers |= {
        "/pdf": (200, {"Content-Type": "application/pdf"}, [b"%PDF-1.7"]),
        "/text": (200, {"Content-Type": "text/html"}, [b"only words"]),
        "/gone": (404, HTML, [b"<h1>Not found</h1>"]),
        "/empty": (200, HTML, [b"<html></html>"]),
    }
    wanted = {"/pdf": "no web page", "/text": "no web page", "/gone": "404", "/empty": "nothing we can read"}
    for path, says in wanted.items():
        with pytest.raises(Problem, match=says) as told:
            reading.page(server.url + path)
        assert told.value.kept or told.value.do


def test_nobody_answers():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with pytest.raises(Problem, match="could not be read"):
        reading.page(f"http://127.0.0.1:{port}/")


def test_a_logo_must_be_a_picture(server):
    server.answers["/logo.png"] = (200, {"Content-Type": "image/png"}, [b"\x89PNG"])
    server.answers["/logo.html"] = (200, HTML, [b"<html>"])
    assert reading.picture(server.url + "/logo.png?v=2").name == "logo.png"
    with pytest.raises(Problem, match="logo"):
        reading.picture(server.url + "/logo.html")
