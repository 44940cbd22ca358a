from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from entremise.figures import operations, queries
from entremise.figures.models import Figure, Override
from entremise.figures.rules import Figure as Row
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.refused import Refused
from entremise.people.rules.may import TABLE, Verb
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

SMIC = Row("smic.hour", Decimal("12.02"), "EUR/h", date(2026, 1, 1), date(2026, 5, 31), "décret", True)
RAISED = Row("smic.hour", Decimal("12.31"), "EUR/h", date(2026, 6, 1), None, "arrêté", True)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)


@pytest.fixture
def treasurer(act: Act) -> Act:
    return replace(act, by=Actor(act.by.person, frozenset({Role.TREASURER})))


@pytest.fixture
def smic(inside: Organisation) -> None:
    operations.load(figures=[SMIC, RAISED])


def override(act: Act, **changes) -> Override:
    given = {"key": "smic.hour", "value": Decimal("13"), "unit": "EUR/h", "valid_from": JUNE, "source": "accord"}
    return operations.override(act=act, **(given | changes))


def test_a_figure_is_read_for_its_day(smic: None) -> None:
    table = queries.table()
    assert (table.at("smic.hour", MAY), table.at("smic.hour", JUNE)) == (Decimal("12.02"), Decimal("12.31"))


def test_loading_twice_writes_nothing_twice(smic: None) -> None:
    assert operations.load(figures=[SMIC, RAISED]) == 0
    assert Figure.objects.count() == 2


def test_a_corrected_figure_reaches_a_process_that_knew_the_old_one(smic: None) -> None:
    assert queries.table().at("smic.hour", JUNE) == Decimal("12.31")
    assert operations.load(figures=[SMIC, replace(RAISED, value=Decimal("12.40"))]) == 1
    assert queries.table().at("smic.hour", JUNE) == Decimal("12.40")


def test_figures_known_cost_two_queries(smic: None, django_assert_num_queries) -> None:
    queries.table()
    with django_assert_num_queries(2):
        queries.table().figure("smic.hour", JUNE)


def test_a_door_reads_the_figures_once(organisation: Organisation, django_assert_num_queries) -> None:
    operations.load(figures=[SMIC, RAISED])
    with scope.reading(organisation.id):
        queries.table()
        with django_assert_num_queries(0):
            queries.table().figure("smic.hour", JUNE)


def test_a_value_set_behind_a_door_is_read_there_and_behind_the_next(
    organisation: Organisation, treasurer: Act
) -> None:
    operations.load(figures=[SMIC, RAISED])
    with scope.writing(organisation.id):
        assert queries.table().at("smic.hour", JUNE) == Decimal("12.31")
        override(treasurer)
        assert queries.table().at("smic.hour", JUNE) == Decimal("13")
        override(treasurer, value=Decimal("14"))
        assert queries.table().at("smic.hour", JUNE) == Decimal("14")
    with scope.reading(organisation.id):
        assert queries.table().at("smic.hour", JUNE) == Decimal("14")


def test_an_organisations_own_value_wins_from_its_day(smic: None, treasurer: Act) -> None:
    row = override(treasurer)
    table = queries.table()
    assert (table.at("smic.hour", MAY), table.at("smic.hour", JUNE)) == (Decimal("12.02"), Decimal(13))
    assert (table.figure("smic.hour", JUNE).source, row.set_by) == ("accord", treasurer.by.person)


def test_an_organisations_own_value_is_not_anothers(smic: None, treasurer: Act, elsewhere: Organisation) -> None:
    override(treasurer)
    with scope.within(elsewhere.id):
        assert queries.table().at("smic.hour", JUNE) == Decimal("12.31")
        assert queries.overrides() == []


def test_the_last_word_about_a_day_counts(smic: None, treasurer: Act) -> None:
    override(treasurer)
    override(treasurer, value=Decimal("13.50"))
    assert [row.value for row in queries.overrides()] == [Decimal("13.50")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "smic.minute"}, "figure_unknown"),
        ({"unit": "EUR"}, "unit_differs"),
        ({"source": "  "}, "source_missing"),
    ],
)
def test_an_override_says_what_it_is_and_where_it_comes_from(smic: None, treasurer: Act, changes, code) -> None:
    with pytest.raises(Refused) as caught:
        override(treasurer, **changes)
    assert caught.value.code == code


def test_a_coordinator_overrides_nothing(smic: None, act: Act) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        override(replace(act, by=Actor(act.by.person, frozenset({Role.COORDINATOR}))))


def test_this_room_and_the_table_of_verbs_name_the_same_people() -> None:
    assert TABLE[Verb.FIGURES_OVERRIDE] == operations.MONEY


def test_the_shipped_policies_are_what_organisations_decide(inside: Organisation) -> None:
    operations.load_shipped()
    policies = Figure.objects.filter(source="choix de l’organisation").values_list("key", flat=True)
    assert set(policies) >= {
        "hours.silence_days",
        "proposal.deadline_minutes",
        "invoice.due_days",
        "price.accompaniment_share",
        "sms.quiet_from_hour",
        "sms.quiet_to_hour",
    }
    assert operations.load_shipped() == 0
