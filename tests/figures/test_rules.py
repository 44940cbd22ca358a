from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import entremise.figures
from entremise.figures.rules import (
    Figure,
    FigureTable,
    Problem,
    covers,
    mention_at,
    parse_mentions,
    parse_toml,
    problems,
)
from entremise.kernel.refused import Refused

FR_TEXT = (Path(entremise.figures.__file__).parent / "data" / "fr.toml").read_text(encoding="utf-8")
FR = parse_toml(FR_TEXT)
MENTIONS = parse_mentions(FR_TEXT)
ONE_DAY = timedelta(days=1)


def row(value, first, last=None, *, key="rate", source="a decree"):
    return Figure(key, Decimal(value), "rate", first, last, source)


@pytest.mark.parametrize("figure", FR, ids=lambda figure: f"{figure.key}-{figure.valid_from}")
def test_each_french_figure_holds_from_its_first_day_to_its_last_and_no_longer(figure):
    table, before = FigureTable(FR), figure.valid_from - ONE_DAY
    assert table.figure(figure.key, figure.valid_from) is figure
    earlier = [other for other in FR if other.key == figure.key and covers(other, before)]
    if earlier:
        assert table.figure(figure.key, before) is earlier[0]
    else:
        with pytest.raises(Refused, match="figure_missing"):
            table.figure(figure.key, before)
    if figure.valid_to is not None:
        assert table.figure(figure.key, figure.valid_to) is figure
        assert not covers(figure, figure.valid_to + ONE_DAY)


@pytest.mark.parametrize(
    ("day", "hourly"),
    [(date(2025, 1, 1), "11.88"), (date(2025, 12, 31), "11.88"), (date(2026, 1, 1), "12.02"),
     (date(2026, 5, 31), "12.02"), (date(2026, 6, 1), "12.31")],
)  # fmt: skip
def test_the_minimum_wage_changes_on_the_published_days(day, hourly):
    assert FigureTable(FR).at("smic_hourly", day) == Decimal(hourly)


def test_the_french_file_has_no_overlap_no_hole_and_no_row_without_a_source():
    assert problems(FR) == []
    assert problems(MENTIONS) == []


def test_every_french_figure_fits_its_column():
    for figure in FR:
        assert len(figure.key) <= 80
        assert len(figure.unit) <= 24
        assert len(figure.source) <= 300
        assert len(figure.note) <= 500
        assert figure.value == figure.value.quantize(Decimal("1e-8"))


def test_an_unverified_figure_says_what_there_is_to_check():
    assert [figure.key for figure in FR if not figure.verified and not figure.note] == []


def test_both_readings_of_the_reference_wage_are_unverified():
    readings = [figure for figure in FR if figure.key.startswith("reduction_reference_smic")]
    assert {figure.value for figure in readings} == {Decimal("12.02"), Decimal("12.31")}
    assert not any(figure.verified for figure in readings)


def test_a_missing_figure_is_refused_by_name_and_day():
    day = date(2026, 7, 1)
    with pytest.raises(Refused) as refusal:
        FigureTable([]).at("smic_hourly", day)
    assert refusal.value.code == "figure_missing"
    assert refusal.value.params == {"key": "smic_hourly", "day": day}


def test_an_override_wins_on_the_days_it_covers_and_only_those():
    ours = row("0.007", date(2026, 2, 1), date(2026, 2, 28))
    table = FigureTable([row("0.0208", date(2026, 1, 1))], [ours])
    assert table.at("rate", date(2026, 1, 31)) == Decimal("0.0208")
    assert table.figure("rate", date(2026, 2, 1)) is ours
    assert table.figure("rate", date(2026, 2, 28)) is ours
    assert table.at("rate", date(2026, 3, 1)) == Decimal("0.0208")


def test_an_organisation_may_have_figures_the_law_does_not_know():
    assert FigureTable([], [row("3", date(2026, 1, 1), key="call_back_days")]).at(
        "call_back_days", date(2026, 7, 1)
    ) == Decimal(3)


def test_a_row_without_an_end_lasts_until_the_next_begins():
    first, second = parse_toml(
        '[figures.x]\nunit="EUR"\nsource="s"\nrows=[{from=2026-06-01,value=2.5},{from=2026-01-01,value=1}]'
    )
    assert (first.value, first.valid_to) == (Decimal(1), date(2026, 5, 31))
    assert (second.value, second.valid_to) == (Decimal("2.5"), None)


def test_what_a_table_says_once_a_row_may_say_otherwise():
    first, second = parse_toml(
        '[figures.x]\nunit="EUR"\nsource="s"\nverified=true\n'
        'rows=[{from=2026-01-01,value=1},{from=2026-06-01,value=2,source="t",verified=false,note="n"}]'
    )
    assert (first.source, first.verified, first.note) == ("s", True, "")
    assert (second.source, second.verified, second.note) == ("t", False, "n")


def test_a_published_value_keeps_its_exact_decimals():
    assert parse_toml('[figures.x]\nunit="rate"\nrows=[{from=2026-01-01,value=0.00016}]')[0].value == Decimal("0.00016")


@pytest.mark.parametrize(
    ("rows", "kind", "day"),
    [
        ([row(1, date(2026, 1, 1)), row(2, date(2026, 6, 1))], "overlap", date(2026, 6, 1)),
        ([row(1, date(2026, 1, 1), date(2026, 6, 1)), row(2, date(2026, 6, 1))], "overlap", date(2026, 6, 1)),
        ([row(1, date(2026, 1, 1), date(2026, 5, 30)), row(2, date(2026, 6, 1))], "gap", date(2026, 5, 31)),
        ([row(1, date(2026, 2, 1), date(2026, 1, 1))], "backwards", date(2026, 2, 1)),
        ([row(1, date(2026, 1, 1), source=" ")], "no_source", date(2026, 1, 1)),
    ],
)
def test_faulty_rows_are_named(rows, kind, day):
    assert problems(rows) == [Problem("rate", kind, day)]


def test_rows_that_follow_each_other_day_by_day_are_sound():
    assert problems([row(1, date(2026, 1, 1), date(2026, 5, 31)), row(2, date(2026, 6, 1))]) == []


def test_a_mention_is_found_by_day():
    mention = mention_at(MENTIONS, "vat_exempt_placement", date(2026, 11, 1))
    assert "261, 7, 1° bis" in mention.text
    assert not mention.verified
    with pytest.raises(Refused, match="figure_missing"):
        mention_at(MENTIONS, "vat_exempt_placement", mention.valid_from - ONE_DAY)
