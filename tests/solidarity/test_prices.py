"""Prices of one's own: a place is a promise that the fund holds, given first come, first served, and read by few."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from entremise.jobs.models import Mission
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, InvoiceLine
from entremise.settlement.queries import items_to_do
from entremise.solidarity import operations, queries
from entremise.solidarity.models import AwardPayment, Band, Fund, Place, Seat
from entremise.solidarity.operations.prices import _relieve
from entremise.solidarity.queries import prices
from tests.jobs.conftest import asked, hedge, karim, mission, nadege, odile, place, request_
from tests.settlement.conftest import NOVEMBER, treasurer
from tests.settlement.conftest import worked as worked_hours
from tests.solidarity.conftest import AT, DAY, due, give, held, owe, refused, somebody, staff

__all__ = ["asked", "hedge", "karim", "mission", "nadege", "odile", "place", "request_", "treasurer", "worked_hours"]

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
THE = Act(by=THE_CLOCK, at=AT, door=Door.CLOCK)


def home(person: Person) -> Act:
    """On their own page."""
    return Act(by=Actor(person.id, frozenset({Role.CLIENT})), at=AT, door=Door.SITE)


def asks(person: Person, band: Band) -> Place:
    return operations.ask_place(act=home(person), person=person, band=band)


def worked(person: Person, *, minutes: int = 120, amount: int = 4900, day: date = DAY) -> Invoice:
    """An invoice with one line of work on it."""
    invoice = owe(staff(), person, amount)
    InvoiceLine.objects.create(
        invoice=invoice, day=day, label="Ménage", minutes=minutes, unit_price=2450, amount=amount
    )
    return invoice


@pytest.fixture
def ladder(desk: Act, fund: Fund, seats: list[Seat]) -> list[Band]:
    """Two steps, 20 and 40 percent, 30 € kept for each of their two places and one; 100 € in the fund."""
    give(desk, fund, 10000)
    season = {"fund": fund, "first": FIRST, "last": LAST, "reserve": 3000}
    return [
        operations.open_band(act=desk, percent=20, places=2, **season),
        operations.open_band(act=desk, percent=40, places=1, **season),
    ]


def test_a_free_place_is_given_at_once_and_the_fund_holds_what_goes_with_it(
    fund: Fund, ladder: list[Band], aline: Person
) -> None:
    place = asks(aline, ladder[0])
    assert place.state == "held"
    assert held(fund) == (7000, 3000)
    assert asks(aline, ladder[0]) == place
    assert held(fund) == (7000, 3000)


def test_whoever_comes_when_all_are_taken_waits_and_is_served_in_order(
    desk: Act, ladder: list[Band], aline: Person
) -> None:
    taken = [asks(somebody(f"P{n}"), ladder[0]) for n in range(2)]
    first, second = (asks(one, ladder[0]) for one in (aline, somebody("Bo")))
    assert [first.state, second.state] == ["waiting", "waiting"]
    assert [prices.turn(place=one) for one in (first, second)] == [1, 2]
    assert prices.to_give(on=DAY) == []
    operations.leave_place(act=desk, place=taken[0])
    assert prices.to_give(on=DAY) == [first, second]
    assert operations.give_place(act=THE, place=first).state == "held"
    assert operations.give_place(act=THE, place=second).state == "waiting"


def test_nobody_overtakes_those_who_wait(desk: Act, ladder: list[Band], aline: Person) -> None:
    taken = [asks(somebody(f"P{n}"), ladder[0]) for n in range(2)]
    waits = asks(aline, ladder[0])
    operations.leave_place(act=desk, place=taken[0])
    assert asks(somebody("Bo"), ladder[0]).state == "waiting"
    assert prices.to_give(on=DAY)[0] == waits


def test_a_place_is_not_given_while_the_fund_cannot_keep_its_reserve(desk: Act, fund: Fund, ladder: list[Band]) -> None:
    operations.set_places(act=desk, band=ladder[0], places=9)
    states = [asks(somebody(f"P{n}"), ladder[0]).state for n in range(4)]
    assert states == ["held", "held", "held", "waiting"]
    assert held(fund) == (1000, 9000)
    assert prices.to_give(on=DAY) == []
    give(desk, fund, 2000, key="more")
    assert len(prices.to_give(on=DAY)) == 1


def test_moving_down_a_step_needs_no_reason_and_is_counted(fund: Fund, ladder: list[Band], aline: Person) -> None:
    place = asks(aline, ladder[0])
    eased = operations.ease_place(act=home(aline), place=place)
    assert (eased.band, eased.eased, eased.state) == (ladder[1], 1, "held")
    assert held(fund) == (7000, 3000)
    refused("no_lower_price", lambda: operations.ease_place(act=home(aline), place=eased))


def test_moving_down_ends_where_the_organisation_says(desk: Act, ladder: list[Band], aline: Person) -> None:
    place = asks(aline, ladder[0])
    Place.objects.filter(id=place.id).update(eased=2)
    refused("eases_used", lambda: operations.ease_place(act=home(aline), place=place))


def test_a_step_that_is_full_leaves_them_what_they_had(fund: Fund, ladder: list[Band], aline: Person) -> None:
    asks(somebody("Bo"), ladder[1])
    place = asks(aline, ladder[0])
    refused("price_full", lambda: operations.ease_place(act=home(aline), place=place))
    place.refresh_from_db()
    assert (place.band, place.state) == (ladder[0], "held")
    assert held(fund) == (4000, 6000)


def test_an_invoice_is_borne_in_part_the_moment_it_is_made_and_once(
    fund: Fund, ladder: list[Band], aline: Person
) -> None:
    asks(aline, ladder[0])
    invoice = worked(aline)
    assert _relieve(THE, invoice) == _relieve(THE, invoice) == 980
    assert due(invoice) == 3920
    assert held(fund) == (7000, 2020)
    payment = AwardPayment.objects.get()
    assert (payment.award.rules.number, payment.award.decided_by, payment.award.need) == (1, "place", "")
    assert prices.borne(invoices=[invoice.id]) == {invoice.id: 980}
    assert ledger.verify() == []


def test_the_letter_of_an_invoice_says_their_price(
    treasurer: Act, worked_hours: Mission, fund: Fund, seats: list[Seat], odile: Person
) -> None:
    give(staff(), fund, 10000)
    season = {"first": FIRST, "last": LAST, "reserve": 3000, "places": 1, "hourly": 500}
    asks(odile, operations.open_band(act=staff(), fund=fund, **season))
    run = settlement.open_run(act=treasurer, month=NOVEMBER)
    for item in items_to_do(run=run.id):
        operations.settle_item(act=treasurer, item=item)
    invoice = Invoice.objects.get()
    assert (invoice.total, due(invoice)) == (4900, 3900)
    letter = Letter.objects.get(template="invoice_ready")
    assert "39,00 €" in letter.body
    assert items_to_do(run=run.id) == []
    assert ledger.verify() == []


def test_an_invoice_says_of_a_deposit_what_it_uses(
    treasurer: Act, worked_hours: Mission, fund: Fund, seats: list[Seat], odile: Person
) -> None:
    give(staff(), fund, 10000)
    season = {"first": FIRST, "last": LAST, "reserve": 3000, "places": 1, "hourly": 500}
    asks(odile, operations.open_band(act=staff(), fund=fund, **season))
    agreement = worked_hours.agreement
    assert agreement
    asked = settlement.ask_deposit(act=treasurer, agreement=agreement, client=odile, amount=4500, hold=False)
    settlement.receive_deposit(act=treasurer, deposit=asked, how="cash")
    run = settlement.open_run(act=treasurer, month=NOVEMBER)
    for item in items_to_do(run=run.id):
        operations.settle_item(act=treasurer, item=item)
    invoice = Invoice.objects.select_related("document").get()
    asked.refresh_from_db()
    assert (due(invoice), asked.left, invoice.document.data["prepaid"]) == (0, 600, 3900)


def test_what_is_kept_for_a_place_is_all_it_bears(fund: Fund, ladder: list[Band], aline: Person) -> None:
    asks(aline, ladder[1])
    assert _relieve(THE, worked(aline, amount=4900)) == 1960
    assert _relieve(THE, worked(aline, amount=4900)) == 1040
    assert _relieve(THE, worked(aline, amount=4900)) == 0
    assert held(fund) == (7000, 0)


def test_work_outside_the_season_and_fees_keep_their_price(ladder: list[Band], aline: Person) -> None:
    asks(aline, ladder[0])
    assert _relieve(THE, worked(aline, day=date(2027, 1, 1))) == 0
    assert _relieve(THE, worked(aline, minutes=0)) == 0


def test_who_waits_pays_the_usual_price(desk: Act, ladder: list[Band], aline: Person) -> None:
    operations.set_places(act=desk, band=ladder[0], places=0)
    asks(aline, ladder[0])
    assert _relieve(THE, worked(aline)) == 0


def test_leaving_gives_what_is_left_back_to_the_fund(desk: Act, fund: Fund, ladder: list[Band], aline: Person) -> None:
    place = asks(aline, ladder[0])
    _relieve(THE, worked(aline))
    operations.leave_place(act=home(aline), place=place)
    assert held(fund) == (9020, 0)
    refused("not_now", lambda: operations.leave_place(act=home(aline), place=place))
    assert asks(aline, ladder[1]).state == "held"


def test_a_season_is_asked_about_once_and_over_once_it_is_invoiced(
    fund: Fund, ladder: list[Band], aline: Person
) -> None:
    place = asks(aline, ladder[0])
    assert prices.to_ask_again(on=DAY, days=30) == [place]
    operations.ask_again(act=THE, place=place)
    assert prices.to_ask_again(on=DAY, days=30) == []
    assert prices.to_end(on=LAST + timedelta(days=45), days=45) == []
    assert prices.to_end(on=LAST + timedelta(days=46), days=45) == [place]
    assert operations.end_place(act=THE, place=place).state == "over"
    assert operations.end_place(act=THE, place=place).state == "over"
    assert held(fund) == (10000, 0)


def test_the_next_season_may_be_asked_for_before_this_one_ends(desk: Act, ladder: list[Band], aline: Person) -> None:
    season = {"first": date(2027, 1, 1), "last": date(2027, 3, 31), "reserve": 1000, "percent": 20, "places": 1}
    coming = operations.open_band(act=desk, fund=ladder[0].fund, **season)
    assert (asks(aline, ladder[0]).state, asks(aline, coming).state) == ("held", "held")
    refused("place_known", lambda: asks(aline, ladder[1]))


def test_the_voted_limit_of_a_year_holds_for_places_too(
    desk: Act, seats: list[Seat], aline: Person, fund: Fund
) -> None:
    give(desk, fund, 50000)
    season = {"first": FIRST, "last": LAST, "percent": 20, "places": 5}
    band = operations.open_band(act=desk, fund=fund, reserve=9000, **season)
    operations.help_at_once(act=desk, person=aline, purpose="home_help", need="Vite", fund=fund, amount=1500)
    asks(aline, band)
    later = operations.open_band(
        act=desk, fund=fund, reserve=5000, first=date(2027, 1, 1), last=date(2027, 3, 31), percent=20, places=5
    )
    refused("award_year_spent", lambda: asks(aline, later))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"percent": 0}, "band_incomplete"),
        ({"percent": 101}, "band_incomplete"),
        ({"hourly": 200}, "band_incomplete"),
        ({"places": 0}, "band_incomplete"),
        ({"percent": 40}, "band_order"),
        ({"percent": 0, "hourly": 500}, "band_order"),
        ({"reserve": 0}, "award_too_large"),
        ({"reserve": 10001}, "award_too_large"),
        ({"first": date(2026, 1, 1), "last": date(2026, 3, 31)}, "season_over"),
        ({"first": date(2026, 12, 1), "last": date(2027, 2, 1)}, "seasons_meet"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(
    desk: Act, ladder: list[Band], change: dict[str, object], code: str
) -> None:
    usual = {"fund": ladder[0].fund, "first": FIRST, "last": LAST, "percent": 60, "places": 1, "reserve": 1000}
    refused(code, lambda: operations.open_band(act=desk, **{**usual, **change}))
    assert Band.objects.count() == 2


def test_money_for_something_else_makes_no_price(desk: Act, seats: list[Seat]) -> None:
    bus = operations.open_fund(act=desk, name="Bus", purpose="Bus", origin="grant", purposes=["transport"])
    refused(
        "fund_not_for_this",
        lambda: operations.open_band(act=desk, fund=bus, first=FIRST, last=LAST, percent=20, places=1, reserve=1000),
    )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TREASURER])
def test_the_counter_gives_and_takes_no_place(desk: Act, ladder: list[Band], aline: Person, role: Role) -> None:
    clerk = Act(by=Actor(somebody("Clerk").id, frozenset({role})), at=AT, door=Door.DESK)
    refused("not_allowed", lambda: operations.ask_place(act=clerk, person=aline, band=ladder[0]))
    place = asks(aline, ladder[0])
    refused("not_allowed", lambda: operations.leave_place(act=clerk, place=place))
    refused("not_allowed", lambda: operations.ease_place(act=home(somebody("Bo")), place=place))


def test_a_price_is_in_no_list_of_requests(desk: Act, ladder: list[Band], aline: Person) -> None:
    place = asks(aline, ladder[0])
    assert place.award
    assert queries.award(award=place.award.id) is None
    assert queries.awards_to_pay() == queries.awards_of(person=aline.id) == queries.latest_awards() == []


def test_the_ladder_is_read_with_as_many_questions_however_long(
    desk: Act, ladder: list[Band], django_assert_num_queries: Callable[[int], object]
) -> None:
    for number in range(4):
        asks(somebody(f"P{number}"), ladder[0])
    with django_assert_num_queries(2):
        steps, everybody = prices.bands(on=DAY), prices.places()
        assert [(one.held, one.waiting, one.free) for one in steps] == [(2, 2, 0), (0, 0, 1)]
        assert [one.person.family_name for one in everybody] == ["P0", "P1", "P2", "P3"]
