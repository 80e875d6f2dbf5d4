"""Pages of the stage «brand»."""

from base64 import b64encode
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from . import actions, charts, paper, places, rules, sentences

LARGEST = 300_000  # bytes of a logo that is shown in the page itself


def page(request: Any) -> HttpResponse:
    """The positioning, the comparison, the canvas and the products."""
    told = {"rival_new": reverse("brand.rival_new"), "facts_url": reverse("brand.facts")}
    return render(request, "brand/page.html", told | _told(request.who))


def new(request: Any) -> HttpResponse:
    """The first form anybody sees: a name and a country."""
    request.who.must("brand.edit")
    return render(request, "brand/new.html", {**_choices(), "first_languages": ["en", "fil"]})


def facts(request: Any) -> HttpResponse:
    """Name, country, time zone, currency, languages, logo."""
    canvas = actions.canvas(request.who)
    told = {"canvas": canvas, "logo": _picture(canvas.logo), **_choices()}
    return render(request, "brand/facts.html", told)


def canvas(request: Any) -> HttpResponse:
    """The questions of the canvas, each with an example."""
    row = actions.canvas(request.who)
    told = {
        "canvas": row,
        "asked": [(q, getattr(row, q.field)) for q in sentences.questions() if q.field != "price_level"],
        "levels": sentences.levels(),
        "level_question": sentences.QUESTIONS["price_level"][0],
        "statement": actions.statement(request.who),
        "do_words": "\n".join(row.do_words),
        "dont_words": "\n".join(row.dont_words),
    }
    return render(request, "brand/canvas.html", told)


def product_new(request: Any) -> HttpResponse:
    """The form of a new product."""
    return render(request, "brand/product.html", {"currencies": places.currencies()})


def product(request: Any, pk: int) -> HttpResponse:
    """The form of one product."""
    told = {"product": actions.product(request.who, pk), "currencies": places.currencies()}
    return render(request, "brand/product.html", told)


def rival_new(request: Any) -> HttpResponse:
    """The form of a new competitor; its numbers are asked for next."""
    told = {"levels": sentences.levels(), "rival_next": reverse("brand.page") + "competitors/{id}/"}
    return render(request, "brand/rival.html", told)


def rival(request: Any, pk: int) -> HttpResponse:
    """One competitor: what is written about them, and their numbers over time."""
    row = actions.competitor(request.who, pk)
    told = {"rival": row, "snapshots": actions.snapshots(request.who, pk), "levels": sentences.levels()}
    told |= {"handles": rules.handle_lines(row.handles), "networks": sentences.networks(row.handles)}
    return render(request, "brand/rival.html", told)


def concept(request: Any) -> HttpResponse:
    """The brand on one page, to print."""
    told = _told(request.who)
    unanswered = [question for question, answer in told["answers"] if not answer]
    told["unknown"] = unanswered or any(row.open for row in told["concept"].compared)
    return render(request, "brand/concept.html", told)


def concept_pdf(request: Any) -> HttpResponse:
    """The same page as PDF."""
    told = _told(request.who)
    answer = HttpResponse(paper.concept(told["concept"], told["answers"]), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{request.who.brand.slug}-concept.pdf"'
    return answer


def _told(who: Any) -> dict[str, Any]:
    found = actions.concept(who)
    return {
        "concept": found,
        "beside": sentences.side_by_side({row.competitor.name: row.lines for row in found.compared}),
        "logo": _picture(found.canvas.logo),
        "questions": sentences.questions(),
        "answers": sentences.answered(found.canvas),
        "country": places.country_name(who.brand.country),
        "spoken": places.language_names(who.brand.languages),
    }


def _picture(file: Any) -> str:
    """A small picture to stand in the page itself; empty for a large or missing one."""
    if file is None or file.size > LARGEST or not file.path.exists():
        return ""
    return f"data:{file.mime};base64,{b64encode(file.path.read_bytes()).decode()}"


def _choices() -> dict[str, places.Pairs]:
    return {
        "countries": places.countries(),
        "zones": [("", "–"), *places.zone_pairs()],
        "currencies": [("", "–"), *places.currencies()],
        "languages": places.languages(),
    }


def strategy(request: Any) -> HttpResponse:
    """The whole strategy as one file to keep, to compare or to bring to another place."""
    folder = actions.export(request.who)
    answer = HttpResponse(folder.zipped(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{folder.name}-strategy.zip"'
    return answer


def market(request: Any) -> HttpResponse:
    """Who gets the attention, network by network, and where everybody stands."""
    verbs, days = actions.market, _days(request.GET.get("days", ""))
    who = request.who
    told = {
        "markets": [_drawn(found, who.brand.name) for found in verbs.market(who, days)],
        "days": days,
        "periods": [(f"{n}", n) for n in verbs.PERIODS],
        "rivals": actions.competitors(who),
        "files": verbs.competitor_files(who),
        "import_url": reverse("brand.market_import"),
        "map_url": reverse("brand.map"),
        "map": verbs.positioning_map(who),
    }
    told["drawn"] = charts.position(told["map"])
    return render(request, "brand/market.html", told)


def market_import(request: Any) -> HttpResponse:
    """The form for a table of competitors' posts."""
    rivals = [("", "–"), *((str(row.pk), row.name) for row in actions.competitors(request.who))]
    told = {"rivals": rivals, "networks": sentences.networks({}), "home": reverse("brand.market")}
    return render(request, "brand/market_import.html", told)


def market_map(request: Any) -> HttpResponse:
    """The form of the positioning map: its axes, and a place for everybody."""
    return render(request, "brand/map.html", {"map": actions.market.positioning_map(request.who)})


def bad_rows(request: Any, pk: int) -> HttpResponse:
    """The rows of a table that could not be read."""
    text = actions.market.competitor_bad_rows(request.who, pk)
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="not-read.csv"'
    return answer


def _days(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in actions.market.PERIODS else 90


def _drawn(found: Any, ours: str) -> dict[str, Any]:
    facts = {"finding": sentences.finding(found, ours), "chart": charts.heights(found, ours)}
    return {"market": found, "label": sentences.network(found.network), **facts}
