import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.doors.frame import styles, theme

HUES = st.integers(0, 359)


@given(HUES, HUES)
def test_any_two_hues_keep_every_pair_readable(ink, accent):
    assert theme.failures(ink, accent) == []


@pytest.mark.parametrize("ink", range(0, 360, 40))
@pytest.mark.parametrize("accent", range(0, 360, 60))
def test_a_sweep_of_hues_stays_readable(ink, accent):
    assert theme.failures(ink, accent) == []


def test_a_weak_pair_is_named(monkeypatch):
    monkeypatch.setattr(theme, "PAIRS", (theme.Pair("trait", "page", 4.5),))
    assert [line.split(":")[0] for line in theme.failures(328, 86)] == ["trait on page, light", "trait on page, dark"]


def test_contrast_of_black_on_white_is_twenty_one():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_our_own_hues_give_the_documented_colours():
    light, dark = theme.tokens(328, 86), theme.tokens(328, 86, dark=True)
    assert (light["marque"], light["accent"], light["encre"]) == ("#541a54", "#ffca49", "#2c142b")
    assert (dark["page"], dark["marque"], dark["sur-etat"]) == ("#190e19", "#fecb4d", "#190e19")


def test_the_served_stylesheet_stays_within_its_budget():
    assert len(styles.stylesheet(328, 86)) <= 40_000


def test_the_stylesheet_declares_its_layers_before_anything_else():
    assert styles.stylesheet(328, 86).startswith(b"@layer reset,tokens,base,layout,components,pages,utilities,print;")


def test_the_fonts_have_absolute_addresses():
    assert b"url(/static/fonts/atkinson.woff2)" in styles.stylesheet(328, 86)
    assert b"static:" not in styles.stylesheet(328, 86)


def test_a_reader_who_saves_data_gets_no_fonts():
    assert b"@font-face" not in styles.stylesheet(328, 86, fonts=False)


def test_two_organisations_have_two_addresses():
    assert styles.style_url(328, 86) != styles.style_url(205, 45)
    assert re.fullmatch(r"/style/[0-9a-f]{12}-205-45\.css", styles.style_url(205, 45))


def test_every_custom_property_that_is_used_is_defined():
    css = styles.stylesheet(328, 86).decode()
    used, defined = set(re.findall(r"var\((--[\w-]+)\)", css)), set(re.findall(r"(--[\w-]+):", css))
    assert used <= defined


def test_scripts_are_one_file_without_comments():
    assert b"\n//" not in styles.script()
    assert len(styles.script()) <= 12_000
    assert re.fullmatch(r"/script/[0-9a-f]{12}\.js", styles.script_url())
