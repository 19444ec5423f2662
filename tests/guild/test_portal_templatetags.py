"""The tags that every page is made of."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve
from heroicons import IconDoesNotExist

from guild.portal.templatetags.dates import night, relative
from guild.portal.templatetags.meters import moon_path, percent
from guild.portal.templatetags.places import draft_key
from guild.portal.templatetags.shapes import SHAPES, shape_of

NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
AYLA = SimpleNamespace(hue=3, display_name="Ayla")
LEVELS = [("", "not rated"), *((level, str(level)) for level in range(5))]


class DreamForm(forms.Form):
    title = forms.CharField(label="Title", required=False, help_text="Or leave it.")
    narrative = forms.CharField(label="What happened", widget=forms.Textarea)
    anger = forms.TypedChoiceField(label="Anger", required=False, choices=LEVELS, widget=forms.RadioSelect)
    happiness = forms.IntegerField(label="Happiness", required=False, min_value=0, max_value=4)
    purposes = forms.MultipleChoiceField(
        label="Purposes",
        choices=[("share", "Read"), ("quote", "Quote")],
        widget=forms.CheckboxSelectMultiple,
    )
    depth = forms.FloatField(label="Depth", min_value=0, max_value=1)
    accept = forms.BooleanField(label="I have read this", help_text="Twice.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_icon_beside_a_word_is_silent() -> None:
    svg = render('{% icon "moon" %}')
    assert 'aria-hidden="true"' in svg
    assert "role=" not in svg


def test_icon_alone_is_named() -> None:
    svg = render('{% icon "moon" label="Night" %}')
    assert 'role="img"' in svg
    assert 'aria-label="Night"' in svg
    assert "aria-hidden" not in svg


def test_icon_unknown_is_refused() -> None:
    with pytest.raises(IconDoesNotExist):
        render('{% icon "no-such-icon" %}')


def test_inline_svg_drops_the_prolog_and_the_fixed_size() -> None:
    document = (
        '<?xml version="1.0"?>\n<svg width="37mm" height="37mm" viewBox="0 0 9 9"><path d="M0 0"/></svg>'
    )
    assert render("{{ qr|inline_svg }}", qr=document) == '<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>'


def test_shapes_are_twelve_and_all_different() -> None:
    assert len({shape.path for shape in SHAPES}) == len({shape.name for shape in SHAPES}) == 12


@pytest.mark.parametrize("hue", [0, 13, -1])
def test_shape_of_a_hue_outside_the_wheel_is_refused(hue: int) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        shape_of(hue)


def test_dreamer_is_a_shape_and_a_name_in_one_hue() -> None:
    html = render("{% dreamer who %}", who=AYLA)
    assert '<span class="dreamer hue-3">' in html
    assert f'd="{SHAPES[2].path}"' in html
    assert ">Ayla</span>" in html


def test_dreamer_name_is_escaped() -> None:
    assert "&lt;b&gt;" in render("{% dreamer hue=1 name=name %}", name="<b>")


def test_avatar_of_nobody_has_neither_hue_nor_shape() -> None:
    html = render('{% avatar name="Ayla" %}')
    assert "hue-none" in html
    assert "<svg" not in html


def test_mark_of_nobody_is_a_dash() -> None:
    assert f'd="{shape_of(None).path}"' in render("{% mark %}")


def test_meter_draws_the_floor_and_says_both_numbers() -> None:
    html = render("{% meter kept=0.714 floor=0.6 %}")
    assert 'width="71.4%"' in html
    assert re.search(r'class="meter-floor" x1="60(\.0)?%"', html)
    assert "You kept 71\u00a0% of what sets you apart. The floor is 60\u00a0%." in html
    assert "style=" not in html


def test_meter_of_another_speaks_of_them() -> None:
    assert "Finn kept 88\u00a0% of what sets them apart." in render(
        '{% meter kept=0.88 floor=0.6 who="Finn" hue=7 %}'
    )


@pytest.mark.parametrize(
    ("amount", "said"), [(0.5999, "59"), (0.6, "60"), (0.29, "29"), (1, "100"), (1.2, "100"), (-0.1, "0")]
)
def test_percent_never_overstates(amount: float, said: str) -> None:
    assert percent(amount) == f"{said}\u00a0%"


def test_percent_of_nothing_is_a_dash() -> None:
    assert percent(None) == "–"


def test_moon_waxes_from_new_to_full() -> None:
    paths = [moon_path(level) for level in range(5)]
    assert paths[0] == ""
    assert len(set(paths)) == 5
    assert paths[4].endswith("A7 7 0 0 1 0-7Z")


def test_moon_beyond_full_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        moon_path(5)


def test_night_near_has_no_year() -> None:
    today = datetime.now(UTC).date()
    assert str(today.year) not in night(today)


def test_night_long_ago_has_its_year() -> None:
    assert night(date(1998, 2, 3)) == "3 February 1998"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(hours=-24), "yesterday"),
        (timedelta(hours=24), "in 1 day"),
        (timedelta(days=-12), "12 days ago"),
        (timedelta(days=-40), "10 October 2026"),
    ],
)
def test_relative_says_how_far(distance: timedelta, words: str) -> None:
    assert relative(NOW + distance, now=NOW) == words


def test_field_plain_ties_hint_to_the_control() -> None:
    html = render("{% field form.title %}", form=DreamForm())
    assert '<label for="id_title">Title <span class="optional">optional</span></label>' in html
    assert 'id="id_title_helptext">Or leave it.' in html
    assert 'aria-describedby="id_title_helptext"' in html


def test_field_with_an_error_says_it_beside_the_control() -> None:
    form = DreamForm({"narrative": ""})
    html = render("{% field form.narrative look='narrative' %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_narrative_error"' in html
    assert 'id="id_narrative_error"' in html
    assert "narrative-field" in html


def test_field_keeps_what_was_typed_and_escapes_it() -> None:
    html = render("{% field form.narrative %}", form=DreamForm({"narrative": "<script>x</script>"}))
    assert "&lt;script&gt;x&lt;/script&gt;" in html


@pytest.mark.parametrize("name", ["anger", "happiness"])
def test_field_scale_offers_five_moons_and_none(name: str) -> None:
    html = render("{% field bound look='scale' %}", bound=DreamForm({name: "3"})[name])
    assert re.findall(r'value="(\d?)"', html) == ["0", "1", "2", "3", "4", ""]
    assert re.findall(r'value="(\d?)" checked', html) == ["3"]
    assert html.count('class="moon"') == 5


def test_field_scale_without_an_answer_is_not_rated() -> None:
    html = render("{% field form.anger look='scale' %}", form=DreamForm())
    assert re.findall(r'value="(\d?)" checked', html) == [""]


def test_field_cards_preselect_nothing_and_explain() -> None:
    html = render(
        "{% field form.purposes hints=hints %}", form=DreamForm(), hints={"quote": "Words are shown."}
    )
    assert "checked" not in html
    assert '<span class="choice-name">Quote</span><span class="hint">Words are shown.</span>' in html


def test_field_range_has_its_limits_and_an_output() -> None:
    html = render(
        "{% field form.depth look='range' ends='heard,blended' %}", form=DreamForm({"depth": "0.4"})
    )
    assert 'min="0" max="1" step="any" value="0.4"' in html
    assert '<output for="id_depth">0.4</output>' in html
    assert "<span>heard</span><span>blended</span>" in html


def test_field_hidden_is_only_its_input() -> None:
    assert render("{% field form.token %}", form=DreamForm()) == (
        '<input type="hidden" name="token" id="id_token">'
    )


def test_field_check_describes_itself() -> None:
    html = render("{% field form.accept %}", form=DreamForm())
    assert 'class="check" for="id_accept"' in html
    assert 'id="id_accept_helptext">Twice.' in html


def test_error_summary_leads_to_each_field() -> None:
    html = render("{% error_summary form %}", form=DreamForm({}))
    assert '<a href="#id_narrative">What happened</a>: This field is required.' in html


def test_error_summary_without_errors_is_nothing() -> None:
    assert render("{% error_summary form %}", form=DreamForm()).strip() == ""


def test_nav_link_knows_where_it_is() -> None:
    request = RequestFactory().get("/")
    request.resolver_match = resolve("/")
    html = render('{% nav_link "portal:night" "My night" %}', request=request)
    assert 'href="/" data-view="portal:night"' in html
    assert 'aria-current="page"' in html


def test_nav_link_elsewhere_is_not_current() -> None:
    request = RequestFactory().get("/settings/")
    request.resolver_match = resolve("/settings/")
    html = render('{% nav_link "portal:night" "My night" section="portal" %}', request=request)
    assert "aria-current" not in html


def test_nav_link_to_another_guild_is_not_current() -> None:
    request = RequestFactory().get("/g/moss-lane/")
    request.resolver_match = resolve("/g/moss-lane/")
    html = render('{% nav_link "portal:guild" "Fen" slug="fen" section="portal" %}', request=request)
    assert 'href="/g/fen/"' in html
    assert "aria-current" not in html


def test_nav_link_to_a_room_that_is_not_there_is_nothing() -> None:
    assert render('{% nav_link "attic:home" "Attic" %}').strip() == ""


@pytest.mark.parametrize(
    ("tags", "key"), [("draft:journal-new", "journal-new"), ("", ""), (None, ""), ("other:x", "")]
)
def test_draft_key_is_read_from_a_message(tags: str | None, key: str) -> None:
    assert draft_key(tags) == key
