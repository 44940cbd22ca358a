import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from entremise.doors.frame import theme
from entremise.doors.frame.templatetags import entremise as tags
from entremise.kernel.money import Money

ROOT = Path(__file__).resolve().parents[2]
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_france():
    with timezone.override(ZoneInfo("Europe/Paris")), translation.override("fr"):
        yield


class Request(forms.Form):
    name = forms.CharField(label="Votre nom", help_text="Comme sur votre sonnette")
    when = forms.ChoiceField(label="Quand ?", choices=[("soon", "Vite"), ("day", "Un jour")], widget=forms.RadioSelect)
    reminder = forms.BooleanField(label="Recevoir un SMS la veille", required=False)


def draw(source, **context):
    return Template("{% load entremise %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("cents", "said"), [(4900, "49,00 €"), (123456, "1 234,56 €"), (-50, "−0,50 €"), (0, "0,00 €"), (None, "")]
)
def test_money_is_said_as_the_french_write_it(cents, said):
    assert re.sub(r"[\u00a0\u202f]", " ", tags.money(cents)) == said


def test_what_stands_between_backticks_is_code() -> None:
    assert tags.coded("Of `/places`, <not> `q`.") == "Of <code>/places</code>, &lt;not&gt; <code>q</code>."


def test_a_column_is_as_wide_as_the_months_that_it_stands_for() -> None:
    rows = [{"short": "J", "amount": 30, "months": 1}, {"short": "F–A", "amount": 60, "months": 3}]
    one, three = tags.columns(rows, "Heures")["rows"]
    assert (one["height"], three["height"]) == (85, 170)
    assert three["width"] > 3 * one["width"]
    assert three["x"] + three["width"] <= 480


def test_money_takes_the_value_of_the_kernel():
    assert tags.money(Money(4900)) == "49,00\u00a0€"


def test_an_iban_is_read_in_fours() -> None:
    assert tags.iban("FR7630006000011") == "FR76\u00a03000\u00a06000\u00a0011"


def test_short_money_drops_only_round_cents():
    assert (tags.money(800, "short"), tags.money(850, "short")) == ("8\u00a0€", "8,50\u00a0€")


def test_money_in_english():
    with translation.override("en"):
        assert (tags.money(4900), tags.money(4900, "short")) == ("€49.00", "€49")


@pytest.mark.parametrize(
    ("minutes", "short", "long"),
    [
        (120, "2 h", "2 heures"),
        (150, "2 h 30", "2 heures 30 minutes"),
        (65, "1 h 05", "1 heure 5 minutes"),
        (45, "45 minutes", "45 minutes"),
        (0, "0 h", "0 heure"),
        (-90, "−1 h 30", "−1 heure 30 minutes"),
        (None, "", ""),
    ],
)
def test_durations_are_full_words_or_hours(minutes, short, long):
    assert tags.hours(minutes).replace("\u00a0", " ") == short
    assert tags.hours(minutes, "long").replace("\u00a0", " ") == long


def test_long_durations_in_english():
    with translation.override("en"):
        assert tags.hours(150, "long") == "2 hours 30 minutes"


def test_a_phone_number_is_said_in_pairs_on_one_line():
    assert tags.phone("+33639981427") == "06\u00a039\u00a098\u00a014\u00a027"
    assert tags.phone("") == ""


def test_a_moment_is_told_in_local_time():
    assert tags.spoken_date(NINE) == "mardi 24 novembre, 9\u00a0h"
    assert tags.short_date(NINE) == "mar. 24 nov., 9\u00a0h"


def test_a_day_has_no_hour_and_the_first_is_an_ordinal():
    assert tags.spoken_date(date(2026, 12, 1)) == "mardi 1er décembre"
    assert tags.spoken_date(None) == ""


@pytest.mark.parametrize(
    ("pattern", "language", "said"),
    [
        ("l j F Y", "fr", "vendredi 1er mai 2026"),
        ("j F", "fr", "1er mai"),
        ("d/m", "fr", "01/05"),
        ("j F Y", "en", "1 May 2026"),
    ],
)
def test_templates_write_the_first_as_an_ordinal_in_french_alone(pattern, language, said):
    with translation.override(language):
        template = Template("{% load entremise %}{{ day|date:pattern }}, {{ later|date:'j F' }}")
        written = template.render(Context({"day": date(2026, 5, 1), "later": date(2026, 5, 11), "pattern": pattern}))
    assert written == f"{said}, 11 {'mai' if language == 'fr' else 'May'}"


def test_a_moment_in_english():
    with translation.override("en"):
        assert tags.spoken_date(datetime(2026, 11, 24, 13, 30, tzinfo=UTC)) == "Tuesday 24 November, 2:30\u00a0pm"


@pytest.mark.parametrize(
    ("names", "said"), [(("Odile", "Marsan"), "OM"), (("Odile Anne Marsan",), "OM"), (("Solène",), "S"), (("",), "")]
)
def test_initials_are_those_of_the_first_and_last_name(names, said):
    assert tags.initials(*names) == said


def test_a_tint_is_always_the_same_for_the_same_person():
    person = UUID("01890000-0000-7000-8000-000000000001")
    assert tags.tint(person) == tags.tint(str(person))
    assert tags.tint(person) in theme.SERVICES


def test_icons_come_from_the_sprite_and_stay_silent():
    drawn = draw('{% ico "tel" %}{% pic "jardin" %}')
    assert 'href="/static/icons.svg#tel"' in drawn
    assert 'href="/static/icons.svg#p-jardin"' in drawn
    assert drawn.count('aria-hidden="true"') == 2


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = set(re.findall(r'symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        named = set(re.findall(r'{% ico "([\w-]+)"', text)) | {f"p-{n}" for n in re.findall(r'{% pic "([\w-]+)"', text)}
        assert named <= known, template


def test_the_stylesheet_follows_the_hues_of_the_organisation():
    organisation = SimpleNamespace(hue_ink=205, hue_accent=45)
    assert draw("{% style_url %}", organisation=organisation).endswith("-205-45.css")
    assert draw("{% style_url %}", organisation=None).endswith("-328-86.css")


def test_no_font_is_preloaded_for_a_reader_who_saves_data():
    asking = RequestFactory().get("/", headers={"Save-Data": "on"})
    assert draw("{% preload_fonts %}", request=asking) == ""
    assert 'rel="preload"' in draw("{% preload_fonts %}", request=RequestFactory().get("/"))


def test_shares_of_an_amount_fill_the_whole_bar():
    drawn = draw('{% shares parts "Sur 1 euro" %}', parts=[{"label": "A", "amount": 2}, {"label": "B", "amount": 1}])
    assert 'x="0%" width="67%"' in drawn
    assert 'x="67%" width="33%"' in drawn


def test_a_wide_table_scrolls_by_keyboard():
    assert draw('{% scroll "Bulletins" %}<table></table>{% endscroll %}') == (
        '<div class="scroll" tabindex="0" role="group" aria-label="Bulletins"><table></table></div>'
    )


def test_a_field_names_its_hint_and_error_to_the_reader():
    drawn = Request({}).fields["name"].get_bound_field(Request({}), "name").as_field_group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'class="input"' in drawn


def test_choices_are_a_named_group():
    drawn = Request()["when"].as_field_group()
    assert '<legend class="label mb-s">Quand ?</legend>' in drawn
    assert drawn.count('<label class="choice">') == 2


def test_the_error_summary_links_to_the_first_control_of_a_group():
    drawn = render_to_string("components/form/errors.html", {"form": Request({})})
    assert 'href="#id_name"' in drawn
    assert 'href="#id_when_0"' in drawn


def test_no_template_carries_an_inline_style_or_script():
    pages = [
        path for folder in ("components", "site", "desk") for path in (ROOT / "templates" / folder).rglob("*.html")
    ]
    for template in pages:
        assert not re.search(r'\sstyle="|<style|<script(?! src)|\son\w+="', template.read_text()), template
