"""One visit of a recurring job that differs; the season and its other visits stand."""

from datetime import date, timedelta

import pytest
from django.db.models import Count

from entremise.agreements.models import Agreement
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Absence, Activity, DayException, Mission, Notice, Request, SupplierQuote
from entremise.jobs.queries.desk import mission as mission_of
from entremise.jobs.queries.orders import replaced
from entremise.jobs.queries.seasons import running_out
from entremise.jobs.queries.series import differing_days
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Enclosure, Letter, Task
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later, say_yes, sign_all

FRIDAY = TODAY + timedelta(days=4)
CHRISTMAS, NEW_YEAR = date(2026, 12, 25), date(2027, 1, 1)


@pytest.fixture
def fridays(act: Act, odile: Person, hedge: Activity) -> Request:
    """Every Friday, over Christmas and New Year's Day."""
    return jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=FRIDAY, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=FR"
    )


@pytest.fixture
def agreed(act: Act, fridays: Request, karim: Person) -> Request:
    say_yes(act, fridays, karim)
    sign_all(act, Agreement.objects.get())
    return Request.objects.select_related("listing").get()


def on(week: int) -> Mission:
    """The visit of so many weeks after the first."""
    found = mission_of(mission=Mission.objects.get(starts_at=FRIDAY + timedelta(weeks=week)).id)
    assert found
    return found


def states() -> dict[str, int]:
    return dict(Mission.objects.values_list("state").annotate(times=Count("id")))


def test_a_day_without_before_anybody_is_agreed(act: Act, fridays: Request, karim: Person) -> None:
    jobs.skip(act=act, request=fridays, day=CHRISTMAS)
    say_yes(act, fridays, karim)
    days = [mission.starts_at.date() for mission in Mission.objects.all()]
    assert CHRISTMAS not in days
    assert NEW_YEAR in days
    assert len(days) == 12


def test_a_day_without_once_it_is_agreed_calls_off_that_visit_alone(act: Act, agreed: Request) -> None:
    jobs.skip(act=act, request=agreed, day=CHRISTMAS)
    assert on(4).state == "cancelled"
    assert states() == {"ready": 12, "cancelled": 1}
    assert Agreement.objects.get().state == "active"


def test_a_day_that_is_none_of_the_series_is_said(act: Act, agreed: Request) -> None:
    with pytest.raises(Refused, match="not_a_visit_day"):
        jobs.skip(act=act, request=agreed, day=date(2026, 12, 24))
    with pytest.raises(Refused, match="moment_past"):
        jobs.skip(act=later(act, days=5), request=agreed, day=FRIDAY.date())


def test_the_client_skips_a_day_of_their_own(act: Act, agreed: Request, odile: Person, karim: Person) -> None:
    own = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=act.at, door=Door.SITE)
    jobs.skip(act=own, request=agreed, day=CHRISTMAS)
    assert Letter.objects.filter(template="visit_cancelled", person=karim).exists()
    stranger = Act(by=Actor(karim.id, frozenset({Role.WORKER})), at=act.at, door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        jobs.skip(act=stranger, request=agreed, day=NEW_YEAR)


def test_holidays_are_asked_about(act: Act, agreed: Request) -> None:
    assert [day.holiday for day in differing_days(request=agreed, at=act.at)] == ["christmas", "new_year"]
    assert Task.objects.get(kind="holidays").params == {"number": agreed.listing.number}
    jobs.keep(act=act, request=agreed, day=CHRISTMAS)
    jobs.skip(act=act, request=agreed, day=NEW_YEAR)
    assert [day.undecided for day in differing_days(request=agreed, at=act.at)] == [False, False]
    assert (on(4).state, on(5).state) == ("ready", "cancelled")


def test_nobody_is_asked_twice_about_a_holiday(act: Act, fridays: Request, karim: Person) -> None:
    jobs.keep(act=act, request=fridays, day=CHRISTMAS)
    jobs.skip(act=act, request=fridays, day=NEW_YEAR)
    say_yes(act, fridays, karim)
    assert not Task.objects.filter(kind="holidays").exists()


def test_the_last_visit_called_off_does_not_come_back_with_the_next_season(act: Act, agreed: Request) -> None:
    jobs.cancel_mission(act=act, mission=on(12))
    (season,) = running_out(at=FRIDAY + timedelta(weeks=10, days=1))
    assert season.next == FRIDAY + timedelta(weeks=13)


@pytest.mark.parametrize("what", ["moved", "replaced"])
def test_the_last_visit_moved_or_done_by_somebody_else_does_not_come_back_either(
    act: Act, agreed: Request, what: str
) -> None:
    if what == "moved":
        jobs.move_visit(act=act, mission=on(12), starts_at=FRIDAY + timedelta(weeks=12, days=-1))
    else:
        jobs.replace_once(act=act, mission=on(12))
    (season,) = running_out(at=FRIDAY + timedelta(weeks=10, days=1))
    assert season.next == FRIDAY + timedelta(weeks=13)


def test_a_day_that_somebody_else_does_is_not_said_to_be_without(act: Act, agreed: Request) -> None:
    search = jobs.replace_once(act=act, mission=on(2))
    day = (FRIDAY + timedelta(weeks=2)).date()
    assert day not in {one.window.start.date() for one in differing_days(request=agreed, at=act.at)}
    jobs.cancel(act=act, request=search)
    assert day in {one.window.start.date() for one in differing_days(request=agreed, at=act.at) if one.skipped}


def test_one_visit_moves_and_both_are_told(act: Act, agreed: Request) -> None:
    thursday = FRIDAY + timedelta(weeks=4, days=-1)
    jobs.move_visit(act=act, mission=on(4), starts_at=thursday)
    assert Mission.objects.get(starts_at=thursday).ends_at == thursday + timedelta(minutes=120)
    assert Letter.objects.filter(template="visit_moved").count() == 2
    assert states() == {"ready": 13}


def test_a_move_issues_another_order_that_replaces_the_one_before(
    act: Act, agreed: Request, karim: Person, odile: Person
) -> None:
    first = Document.objects.get(kind="mission_order")
    thursday = FRIDAY + timedelta(weeks=4, days=-1)
    jobs.move_visit(act=later(act, minutes=5), mission=on(4), starts_at=thursday)
    assert Document.objects.get(id=first.id).data == first.data
    second = Document.objects.exclude(id=first.id).get(kind="mission_order")
    assert second.data["replaces"] == first.number
    assert (second.person, second.data["contract_number"]) == (karim, first.data["contract_number"])
    assert {**second.data["slots"][4], "on": None} == {**first.data["slots"][4], "on": None}
    assert [slot["on"] for slot in second.data["slots"]] == sorted(
        {*(slot["on"] for slot in first.data["slots"])} - {"2026-12-25"} | {"2026-12-24"}
    )
    told = Letter.objects.get(template="visit_moved", person=karim)
    assert Enclosure.objects.get(letter=told).document == second.id
    assert not Enclosure.objects.filter(letter__template="visit_moved", letter__person=odile).exists()


def test_moved_again_the_last_order_is_replaced(act: Act, agreed: Request) -> None:
    jobs.move_visit(act=later(act, minutes=5), mission=on(4), starts_at=FRIDAY + timedelta(weeks=4, days=-1))
    jobs.move_visit(act=later(act, minutes=9), mission=on(5), starts_at=FRIDAY + timedelta(weeks=5, days=-1))
    orders = list(Document.objects.filter(kind="mission_order").order_by("-issued_at"))
    assert [one.data.get("replaces") for one in orders] == [orders[1].number, orders[2].number, None]
    assert replaced(documents=orders) == {orders[1].id, orders[2].id}


def test_an_order_names_the_visits_to_come_only(act: Act, agreed: Request) -> None:
    jobs.cancel_mission(act=act, mission=on(1))
    jobs.move_visit(act=later(act, minutes=5), mission=on(4), starts_at=FRIDAY + timedelta(weeks=4, days=-1))
    slots = Document.objects.filter(kind="mission_order").latest("issued_at").data["slots"]
    assert len(slots) == 12
    assert "2026-12-04" not in {slot["on"] for slot in slots}


def test_moved_before_everybody_signed_the_order_that_is_sent_is_the_last(
    act: Act, fridays: Request, karim: Person
) -> None:
    say_yes(act, fridays, karim)
    jobs.move_visit(act=later(act, minutes=5), mission=on(0), starts_at=FRIDAY + timedelta(hours=2))
    sign_all(later(act, minutes=9), Agreement.objects.get())
    ready = Letter.objects.get(template="mission_ready", person=karim)
    order = Document.objects.filter(kind="mission_order").latest("issued_at")
    assert [one.document for one in Enclosure.objects.filter(letter=ready)] == [order.id]


def test_by_an_hour_is_a_move_too(act: Act, agreed: Request) -> None:
    jobs.move_visit(act=act, mission=on(2), starts_at=FRIDAY + timedelta(weeks=2, hours=1))
    assert states() == {"ready": 13}


def test_a_visit_does_not_move_onto_another_job(
    act: Act, agreed: Request, odile: Person, hedge: Activity, karim: Person
) -> None:
    say_yes(act, jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120), karim)
    moved = TOMORROW + timedelta(minutes=30)
    with pytest.raises(Refused, match="outside_contract"):
        jobs.move_visit(act=act, mission=on(0), starts_at=moved)
    Agreement.objects.update(starts_on=TODAY.date())
    with pytest.raises(Refused, match="move_blocked"):
        jobs.move_visit(act=act, mission=on(0), starts_at=moved)
    with pytest.raises(Refused, match="moment_past"):
        jobs.move_visit(act=act, mission=on(0), starts_at=TODAY - timedelta(hours=1))


def test_somebody_else_does_one_visit_under_a_contract_of_their_own(
    act: Act, agreed: Request, karim: Person, nadege: Person
) -> None:
    search = jobs.replace_once(act=act, mission=on(2), reason="Rendez-vous")
    assert (search.price, search.stands_in_id, search.listing.starts_at) == (4900, on(2).id, on(2).starts_at)
    assert agreed.state == Request.objects.get(id=agreed.id).state == "filled"
    assert Agreement.objects.get().state == "active"
    assert Absence.objects.get().worker.person_id == karim.id
    say_yes(act, search, nadege)
    hers = Mission.objects.get(worker=nadege)
    assert hers.starts_at == FRIDAY + timedelta(weeks=2)
    assert hers.agreement_id != on(3).agreement_id
    assert Mission.objects.filter(worker=karim, state="ready").count() == 12


def test_one_search_at_a_time(act: Act, agreed: Request) -> None:
    given = on(2)
    jobs.replace_once(act=act, mission=given)
    with pytest.raises(Refused, match="already_replacing"):
        jobs.replace_once(act=act, mission=given)


def test_a_visit_that_was_missed_is_done_by_somebody_else_later(act: Act, agreed: Request, nadege: Person) -> None:
    after = later(act, days=4, hours=3)
    jobs.report_absence(act=after, mission=on(0), who="worker")
    search = jobs.replace_once(act=after, mission=on(0), starts_at=FRIDAY + timedelta(days=3))
    say_yes(after, search, nadege)
    assert Mission.objects.get(worker=nadege).starts_at == FRIDAY + timedelta(days=3)
    assert on(0).state == "no_show_worker"


def test_the_days_of_a_season_are_two_questions(act: Act, agreed: Request, django_assert_num_queries: object) -> None:
    DayException.objects.bulk_create(
        DayException(request=agreed, day=(FRIDAY + timedelta(weeks=week)).date()) for week in range(8)
    )
    assert agreed.organisation.timezone  # Known by the page already.
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture.
        assert len(differing_days(request=agreed, at=act.at)) == 8


def test_a_search_for_one_visit_says_the_price_of_the_season_everywhere(act: Act, agreed: Request) -> None:
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2900,
        hourly_wage=1400,
        minimum_minutes=60,
        travel_fee=300,
        valid_from=TODAY.date(),
    )
    search = jobs.replace_once(act=act, mission=on(2))
    assert "49,00" in Letter.objects.get(key=f"noted:{search.id}").body
    assert Notice.objects.get(request=search).wage == 1231
    assert Fact.objects.get(type="request_posted", thing_id=search.id).data["price"] == 4900


def test_a_search_among_those_who_name_their_price_is_on_no_list(
    act: Act, odile: Person, hedge: Activity, bruno: Person
) -> None:
    mode = with_pricing("quote").code
    season = jobs.post_request(
        act=act,
        client=odile,
        activity=hedge,
        starts_at=FRIDAY,
        minutes=120,
        recurrence="FREQ=WEEKLY;BYDAY=FR",
        mode=mode,
    )
    say_yes(act, season, bruno)
    jobs.accept_quote(act=act.for_person(odile.id), quote=SupplierQuote.objects.get())
    search = jobs.replace_once(act=act, mission=on(2))
    assert (search.mode, search.price) == (mode, 0)
    assert not Notice.objects.exists()
    assert Letter.objects.get(key=f"noted:{search.id}").template == "request_for_quotes"


def test_a_day_that_nobody_comes_is_not_kept_afterwards(act: Act, agreed: Request) -> None:
    jobs.skip(act=act, request=agreed, day=CHRISTMAS)
    with pytest.raises(Refused, match="not_a_visit_day"):
        jobs.keep(act=act, request=agreed, day=CHRISTMAS)
    jobs.skip(act=act, request=agreed, day=CHRISTMAS)
    assert not DayException.objects.get().kept


def test_a_day_that_somebody_else_does_is_called_off_with_them(act: Act, agreed: Request) -> None:
    jobs.replace_once(act=act, mission=on(1))
    with pytest.raises(Refused, match="not_a_visit_day"):
        jobs.skip(act=act, request=agreed, day=on(1).starts_at.date())


@pytest.fixture
def pair(act: Act, odile: Person, hedge: Activity, karim: Person, nadege: Person) -> Request:
    """Both of them, every Friday."""
    request = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=FRIDAY, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=FR", slots=2
    )
    for one in jobs.propose(act=act, request=request, workers=[karim.id, nadege.id]):
        jobs.answer(act=by_text(one.person), proposal=one, yes=True)
    for agreement in Agreement.objects.all():
        sign_all(act, agreement)
    return request


def test_a_day_on_which_one_of_two_still_comes_is_not_a_day_without(act: Act, pair: Request, karim: Person) -> None:
    first = Mission.objects.filter(worker=karim).earliest("starts_at")
    jobs.cancel_mission(act=act, mission=first)
    assert not DayException.objects.exists()


def test_a_day_without_both_of_two_costs_what_was_told_for_both(act: Act, pair: Request) -> None:
    evening = later(act, days=3, hours=9)
    with pytest.raises(Refused, match="fee_changed"):
        jobs.skip(act=evening, request=pair, day=FRIDAY.date(), fee=2450)
    jobs.skip(act=evening, request=pair, day=FRIDAY.date(), fee=4900)
    assert states() == {"ready": 24, "cancelled": 2}


def test_a_search_for_one_visit_at_another_hour_keeps_the_price_of_the_season(
    act: Act, agreed: Request, hedge: Activity
) -> None:
    search = jobs.replace_once(act=act, mission=on(1))
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2600,
        hourly_wage=1231,
        minimum_minutes=60,
        travel_fee=0,
        valid_from=act.at.date(),
    )
    jobs.amend(act=act, request=search, starts_at=on(1).starts_at + timedelta(hours=2), minutes=120, note="")
    assert (search.hourly_price, search.price) == (2450, 4900)


def test_a_visit_that_moves_back_is_on_its_day_again(act: Act, agreed: Request) -> None:
    its_day = on(1).starts_at
    jobs.move_visit(act=act, mission=on(1), starts_at=its_day - timedelta(days=1))
    moved = mission_of(mission=Mission.objects.get(starts_at=its_day - timedelta(days=1)).id)
    assert moved
    jobs.move_visit(act=act, mission=moved, starts_at=its_day)
    assert not [day for day in differing_days(request=agreed, at=act.at) if day.skipped]
