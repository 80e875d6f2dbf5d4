"""Forms of verbs: labelled, kept after a failure, and never able to break out of their own HTML."""

import re
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone

pytestmark = pytest.mark.urls(__name__)
urlpatterns = [path("do/<str:verb>", lambda request, verb: HttpResponse(verb), name="do")]


def shown(source, **facts):
    request = RequestFactory().get("/kape/plan/", {"week": "48"})
    return Template("{% load desk %}" + source).render(
        Context({"request": request, "csrf_token": "t0k3n", **facts})
    )


def failed(**values):
    return {"plan.move_slot": {"values": values, "errors": {"at": "This moment is in the past."}}}


def test_do_is_the_address_of_the_write_door():
    assert shown('{% do "plan.move_slot" %}') == "/do/plan.move_slot"


def test_a_form_carries_its_verb_csrf_the_way_back_and_hidden_values():
    html = shown('{% verb_form "plan.move_slot" slot=3 %}BODY{% endverb_form %}')
    for part in (
        'method="post" action="/do/plan.move_slot"',
        'name="csrfmiddlewaretoken" value="t0k3n"',
        'name="next" value="/kape/plan/?week=48"',
        'name="slot" value="3"',
        "BODY",
    ):
        assert part in html
    assert "multipart" not in html


def test_special_keywords_do_not_become_fields():
    html = shown(
        '{% verb_form "plan.import" to="/after/{id}" files=True into="#rows" confirm="Sure?" %}{% endverb_form %}'
    )
    assert 'name="next" value="/after/{id}"' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'hx-target="#rows"' in html
    assert 'data-confirm="Sure?"' in html
    assert 'name="files"' not in html
    assert 'name="confirm"' not in html


def test_a_form_in_the_side_panel_returns_to_the_page_under_it():
    request = RequestFactory().get("/kape/plan/slot/3/")
    request.htmx = SimpleNamespace(current_url_abs_path="/kape/plan/?week=48")
    html = Template('{% load desk %}{% act "plan.lock" "Lock" slot=3 %}').render(
        Context({"request": request})
    )
    assert 'name="next" value="/kape/plan/?week=48"' in html


def test_hidden_lists_give_one_input_each_and_none_gives_nothing():
    html = shown('{% act "plan.lock" "Lock" slots=slots note=nothing %}', slots=[1, 2], nothing=None)
    assert html.count('name="slots"') == 2
    assert 'name="note"' not in html


def test_an_act_shows_its_word_or_only_its_icon():
    assert "Lock</button>" in shown('{% act "plan.lock" "Lock" icon="lock" slot=3 %}')
    quiet = shown('{% act "plan.lock" "Lock" icon="lock" quiet=True slot=3 %}')
    assert 'aria-label="Lock"' in quiet
    assert "Lock</button>" not in quiet
    assert "btn-outline-danger" in shown('{% act "plan.drop" "Drop" look="danger" slot=3 %}')


def test_a_form_without_a_verb_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        shown("{% verb_form %}{% endverb_form %}")
    with pytest.raises(TemplateSyntaxError):
        shown('{% verb_form "plan.move_slot" "slot" %}{% endverb_form %}')


def in_form(field):
    return f'{{% verb_form "plan.move_slot" slot=3 %}}{field}{{% endverb_form %}}'


FIELD = in_form('{% field "at" "When" value="2026-11-24T18:10" help="Brand time" %}')


def test_a_field_ties_label_and_help_to_its_input():
    html = shown(FIELD)
    ref = re.search(r'<input class="form-control[^>]* id="([^"]+)"', html)[1]
    assert f'<label class="form-label" for="{ref}">' in html
    assert f'aria-describedby="{ref}-help"' in html
    assert f'id="{ref}-help"' in html
    assert 'value="2026-11-24T18:10"' in html


def test_after_a_failure_the_typed_value_and_the_reason_are_there():
    html = shown(FIELD, kept=failed(slot=["3"], at=["tomorrow"]))
    assert 'value="tomorrow"' in html
    assert "This moment is in the past." in html
    assert 'aria-invalid="true"' in html
    assert "what you typed is kept" in html


def test_the_same_verb_for_another_row_is_not_marked():
    html = shown(FIELD, kept=failed(slot=["4"], at=["tomorrow"]))
    assert "tomorrow" not in html
    assert "aria-invalid" not in html


def test_a_field_outside_its_form_takes_the_verb_by_name():
    html = shown('{% field "at" "When" verb="plan.move_slot" %}', kept=failed(at=["tomorrow"]))
    assert 'value="tomorrow"' in html


def test_an_unticked_box_stays_unticked_after_a_failure():
    source = in_form('{% field "quiet" "Quiet" type="switch" value=True %}')
    assert " checked" in shown(source)
    assert " checked" not in shown(source, kept=failed(slot=["3"], at=["x"]))


def test_unticked_choices_stay_unticked_after_a_failure():
    source = in_form('{% field "days" "Days" type="checks" options=days value=days %}')
    assert shown(source, days=["Mon", "Tue"]).count(" checked") == 2
    assert shown(source, days=["Mon", "Tue"], kept=failed(slot=["3"], days=["Tue"])).count(" checked") == 1
    assert shown(source, days=["Mon", "Tue"], kept=failed(slot=["3"])).count(" checked") == 0


@pytest.mark.parametrize(
    ("options", "value", "chosen"),
    [
        ([("a", "First"), ("b", "Second")], "b", "b"),
        ({"a": "First", "b": "Second"}, "a", "a"),
        (["a", "b"], "b", "b"),
        ([(1, "One"), (2, "Two")], 2, "2"),
        ([SimpleNamespace(pk=7)], SimpleNamespace(pk=7), "7"),
    ],
)
def test_options_may_be_pairs_dicts_plain_values_or_rows(options, value, chosen):
    html = shown(
        '{% field "x" "X" type="select" options=options value=value %}', options=options, value=value
    )
    assert f'<option value="{chosen}" selected>' in html
    assert html.count(" selected") == 1


def test_radio_and_checks_are_a_group_with_a_name():
    html = shown('{% field "x" "Days" type="radio" options=days value="Mon" %}', days=["Mon", "Tue"])
    assert "<fieldset" in html
    assert "Days</legend>" in html
    assert html.count(" checked") == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 24, 10, 10, tzinfo=UTC), "2026-11-24T18:10"),
        (datetime(2026, 11, 24, 10, 10), "2026-11-24T10:10"),
        (date(2026, 11, 24), "2026-11-24"),
        (time(9, 5), "09:05"),
        (None, ""),
        (0, "0"),
        (False, "false"),
    ],
)
def test_values_are_written_as_inputs_want_them_in_the_brand_zone(value, text):
    with timezone.override("Asia/Manila"):
        assert f'value="{text}"' in shown('{% field "x" "X" value=value %}', value=value)


def test_money_text_file_and_hidden_fields():
    money = shown('{% field "x" "Price" type="money" unit="₱" value=5 %}')
    assert 'type="number"' in money
    assert 'step="0.01"' in money
    assert "₱" in money
    area = shown('{% field "x" "Text" type="textarea" value=text count=280 %}', text="\nfirst")
    assert 'data-count="280"' in area
    assert ">\n\nfirst</textarea>" in area  # a browser drops the first newline
    assert "value=" not in shown('{% field "x" "File" type="file" value="a.png" accept="image/*" %}')
    assert (
        shown('{% field "x" type="hidden" value=3 %}').strip() == '<input type="hidden" name="x" value="3">'
    )


def test_a_password_is_never_shown_again():
    html = shown(
        '{% field "x" "Password" type="password" verb="plan.move_slot" %}', kept=failed(x=["secret"])
    )
    assert "secret" not in html


def test_more_keywords_become_attributes_and_are_escaped():
    html = shown(
        '{% field "x" "X" hx_get=to autofocus=True readonly=False placeholder=p %}',
        to="/a?b=1&c=2",
        p='"><b>',
    )
    assert 'hx-get="/a?b=1&amp;c=2"' in html
    assert " autofocus" in html
    assert "readonly" not in html
    assert "<b>" not in html


def test_typed_values_are_escaped():
    assert "<script>" not in shown(FIELD, kept=failed(slot=["3"], at=['"><script>']))


def test_a_django_form_wears_the_same_clothes():
    class Login(forms.Form):
        email = forms.EmailField(help_text="The one you were invited with.")
        remember = forms.BooleanField(required=False)

    html = shown('{% include "pieces/form_fields.html" %}', form=Login({"email": "nobody"}))
    assert 'class="form-control"' in html
    assert 'class="form-check-input"' in html
    assert "Enter a valid email address." in html
    assert "The one you were invited with." in html


def test_save_may_name_its_button():
    assert 'name="then" value="schedule"' in shown('{% save "Schedule" name="then" value="schedule" %}')
    assert "Save</button>" in shown("{% save %}")
