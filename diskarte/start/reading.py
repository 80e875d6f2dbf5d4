"""Fetching the page a person names: guarded, small, quick, and refused in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diskarte.core import fetch
from diskarte.core.files.sniff import IMAGES
from diskarte.core.given import Upload
from diskarte.words import MB, Problem

from . import site

LARGEST = 3 * MB
SECONDS = 12
PAGES = ("text/html", "application/xhtml+xml", "")


def page(address: str) -> list[site.Found]:
    """What one page of the web says. Raises Problem: private, gone, huge, slow, not a page, or silent."""
    kept, do = _("Your answers are as they were."), _("Check the address, or skip this question.")
    url = address.strip()
    url = url if "://" in url else f"https://{url}"
    answer = fetch.get(url, largest=LARGEST, seconds=SECONDS, headers={"Accept": "text/html"})
    if answer.status >= 400:
        what = _("%(url)s answered with «%(status)d».") % {"url": url[:100], "status": answer.status}
        raise Problem(what, kept=kept, do=do, field="site")
    if answer.mime not in PAGES or b"<" not in answer.body[:2048]:
        what = _("%(url)s is no web page (%(mime)s).") % {"url": url[:100], "mime": answer.mime or "?"}
        raise Problem(what, kept=kept, do=do, field="site")
    charset = answer.headers.get("content-type", "").lower().partition("charset=")[2].strip(" \"';")
    found = site.read(answer.body, answer.url, charset)
    if not found:
        what = _("The page says nothing we can read; it may be made by a script.")
        raise Problem(what, kept=kept, do=_("Answer the questions by hand."), field="site")
    return found


def picture(url: str) -> Upload:
    """A picture of a website as a file. Raises Problem."""
    answer = fetch.get(url, largest=LARGEST, seconds=SECONDS)
    if answer.status >= 400 or answer.mime not in (*IMAGES, "image/svg+xml"):
        raise Problem(
            _("The logo could not be read from the website."), do=_("Give it as a file under «Brand».")
        )
    return Upload(url.rpartition("/")[2].partition("?")[0] or "logo", answer.body)
