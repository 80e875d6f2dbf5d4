"""Marks: every colour has a word or an icon beside it, and every icon exists."""

import re
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from diskarte import networks
from diskarte.doors.web.templatetags import desk_blocks, desk_marks
from diskarte.words import Kind

WEB = Path(desk_marks.__file__).parent.parent
SPRITE = (WEB / "static/icons.svg").read_text()
PAGES = sorted(WEB.parent.parent.rglob("*.html"))


def shown(source, **facts):
    return Template("{% load desk %}" + source).render(Context(facts))


def in_sprite(name):
    return f'id="{name}"' in SPRITE


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(WEB.parent.parent)))
def test_every_icon_a_page_asks_for_is_in_the_sprite(page):
    asked = set(re.findall(r'{% icon "([a-z0-9-]+)"', page.read_text()))
    asked |= set(re.findall(r'{% empty_state "([a-z0-9-]+)"', page.read_text()))
    asked |= set(re.findall(r'(?:act|moment) [^%]*\bicon="([a-z0-9-]+)"', page.read_text()))
    assert not [name for name in asked if not in_sprite(name)]


def test_every_icon_of_the_tags_is_in_the_sprite():
    names = [picture for picture, _word in desk_marks.KINDS.values()]
    names += [picture for _tone, picture, _word in desk_marks.STATES.values()]
    names += [
        *desk_blocks.NOTE_ICONS.values(),
        *desk_blocks.MOMENT_ICONS.values(),
        *desk_blocks.KIND_ICONS.values(),
    ]
    assert not [name for name in names if not in_sprite(name)]


def test_an_icon_is_decoration_until_it_has_a_label():
    assert 'aria-hidden="true"' in shown('{% icon "lock" %}')
    labelled = shown('{% icon "lock" label="Locked" size="sm" %}')
    assert 'role="img" aria-label="Locked"' in labelled
    assert "icon-sm" in labelled


def test_a_label_cannot_break_out_of_its_attribute():
    assert "<b>" not in shown("{% icon 'lock' label=x %}{% face x %}{% pillar x %}{% help x %}", x='"><b>')


def test_a_network_shows_its_own_picture_and_an_unknown_one_a_globe():
    own = next(
        name
        for name in networks.all_networks()
        if (WEB.parent.parent / f"networks/icons/{name}.svg").exists()
    )
    assert f"networks/{own}.svg" in shown("{% network_icon name label='N' %}", name=own)
    assert "#world" in shown('{% network_icon "no-such-network" %}')


def test_the_edge_has_the_colour_of_the_network_and_grey_for_a_stranger():
    name, network = next((n, k) for n, k in networks.all_networks().items() if getattr(k, "colour", ""))
    assert f'fill="{network.colour}"' in shown("{% channel_edge name %}", name=name)
    assert 'fill="#8a949e"' in shown('{% channel_edge "no-such-network" %}')


def test_every_kind_of_post_has_an_icon_and_a_word():
    assert set(desk_marks.KINDS) == {str(kind) for kind in Kind}
    assert "Reel" in shown('{% kind "reel" %}')
    assert "Hologram" in shown('{% kind "hologram" %}')


@pytest.mark.parametrize("state", desk_marks.STATES)
def test_a_state_is_never_colour_alone(state):
    html = shown("{% status_badge state %}", state=state)
    assert "<use " in html
    assert str(desk_marks.STATES[state][2]) in html


def test_only_failed_and_lost_things_are_red():
    red = {state for state, (tone, *_rest) in desk_marks.STATES.items() if tone == "bad"}
    assert red == {"refused", "failed", "lost", "missed"}


def test_a_state_nobody_foresaw_is_grey_with_its_own_name():
    html = shown('{% status_badge "on_holiday" %}')
    assert "is-plain" in html
    assert "On holiday" in html


def test_a_pillar_keeps_its_colour():
    assert shown('{% pillar "Useful" %}') == shown('{% pillar "Useful" %}')
    assert "pillar-3" in shown('{% pillar "Useful" tone=11 %}')
    assert shown('{% pillar "" %}') == ""


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ana Reyes", "AR"), ("Ana de la Cruz", "AC"), ("bo@kape.example", "BK"), ("Bo", "B"), ("", "?")],
)
def test_initials(name, initials):
    assert f">{initials}</span>" in shown("{% face name %}", name=name)


def test_a_ring_tells_its_state_and_who_is_needed():
    html = shown('{% ring "half" needs=2 number=7 %}')
    for part in ("ring-half", "in progress", "2 need you", ">7</text>", "ring-needs"):
        assert part in html
    assert "ring-needs" not in shown('{% ring "empty" %}')


def test_tabs_and_steps_say_where_one_is():
    html = shown("{% tabs rows %}", rows=[("Board", "/b", True, 3), ("List", "/l", False)])
    assert html.count('aria-current="page"') == 1
    assert ">3</span>" in html
    html = shown("{% steps rows %}", rows=[("One", "done"), ("Two", "current"), ("Three", "next")])
    assert html.count('aria-current="step"') == 1


def test_pages_keep_the_rest_of_the_address():
    page = Paginator(range(100), 10).get_page(5)
    request = RequestFactory().get("/", {"q": "kape", "page": 5})
    html = shown("{% pages page %}", page=page, request=request)
    assert "?q=kape&amp;page=4" in html
    assert html.count('aria-current="page"') == 1
    assert "41–50 of 100" in html


def test_one_page_needs_no_pagination():
    page = Paginator(range(3), 10).get_page(1)
    assert not shown("{% pages page %}", page=page, request=RequestFactory().get("/")).strip()


def test_a_side_link_is_a_plain_link_too():
    html = shown("<a {% side href %}>x</a>", href="/plan/?a=1&b=2")
    assert 'href="/plan/?a=1&amp;b=2"' in html
    assert 'hx-target="#side-body"' in html


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ("undo:/do/people.undo?line=3 success", "/do/people.undo?line=3"),
        ("success", ""),
        (None, ""),
        ("undo://evil", ""),
    ],
)
def test_undo_goes_only_to_our_own_addresses(tags, address):
    assert desk_marks.undo_address(tags) == address
