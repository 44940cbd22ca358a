"""What people offer, who sees it, and what picking it leads to."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from entremise.agreements.models import Agreement, Signature
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Notice, Offer, Pick, Request, Skill, TakenQuarter, Worker
from entremise.jobs.operations.offers import Terms
from entremise.jobs.queries import offers as found
from entremise.jobs.queries.suggestions import candidates
from entremise.jobs.rules.consent import SHOW_NAME
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.market.models import Proposal
from entremise.messaging.models import Letter, Task
from entremise.people.models import Consent, Membership, Paper, Person, Place
from tests.conftest import TODAY
from tests.jobs.conftest import by_text, later

WEDNESDAY = TODAY + timedelta(days=2)  # Ten o'clock: far enough ahead to be booked.
WEEK = [(2, "08:00", "12:00"), (3, "08:00", "12:00")]


def on_the_site(person: Person, role: Role = Role.CLIENT, at: datetime = TODAY) -> Act:
    return Act(by=Actor(person.id, frozenset({role})), at=at, door=Door.SITE)


@pytest.fixture
def waiting(karim: Person, hedge: Activity) -> Offer:
    """Karim put it up himself; nobody has looked at it."""
    jobs.set_free_times(act=on_the_site(karim, Role.WORKER), person=karim, weekly=WEEK)
    terms = Terms(reach_km=5, bookable=True, details="Avec mon taille-haie.", named=True)
    return jobs.put_up(act=on_the_site(karim, Role.WORKER), person=karim, activity=hedge, terms=terms)


@pytest.fixture
def offer(act: Act, waiting: Offer) -> Offer:
    return jobs.open_offer(act=act, offer=waiting)


def seen(at: datetime = TODAY, **asked: object) -> list[Offer]:
    return list(found.open_offers(at=at, **asked))  # type: ignore[arg-type]  # One keyword or none.


def book(offer: Offer, client: Person, starts_at: datetime = WEDNESDAY, minutes: int = 120) -> Mission:
    return jobs.book(act=on_the_site(client), offer=offer, client=client, starts_at=starts_at, minutes=minutes)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as why, transaction.atomic():
        call()
    return why.value.code


# Putting up, opening, changing


def test_an_offer_waits_until_the_desk_has_opened_it(waiting: Offer, act: Act) -> None:
    assert seen() == []
    assert Task.objects.get(kind="open_offer").params == {"number": waiting.listing.number}
    jobs.open_offer(act=act, offer=waiting)
    assert seen() == [waiting]
    assert Task.objects.get(kind="open_offer").outcome == "opened"
    assert Letter.objects.get(template="offer_opened").person == waiting.person


def test_what_the_desk_puts_up_for_somebody_is_open_at_once(act: Act, karim: Person, hedge: Activity) -> None:
    offer = jobs.put_up(act=act.for_person(karim.id), person=karim, activity=hedge, terms=Terms(reach_km=5))
    assert (offer.listing.state, offer.opened_by) == ("open", act.by.person)
    assert not Task.objects.exists()


def test_a_worker_opens_nothing_themselves(waiting: Offer) -> None:
    own = on_the_site(waiting.person, Role.WORKER)
    assert refused(lambda: jobs.open_offer(act=own, offer=waiting)) == "not_allowed"


def test_nobody_puts_up_an_offer_for_somebody_else(nadege: Person, karim: Person, hedge: Activity) -> None:
    terms, stranger = Terms(reach_km=5), on_the_site(nadege, Role.WORKER)
    assert refused(lambda: jobs.put_up(act=stranger, person=karim, activity=hedge, terms=terms)) == "not_allowed"


def test_an_employed_worker_has_no_price_of_their_own(karim: Person, hedge: Activity, offer: Offer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(id=offer.id).update(hourly_price=1900)
    assert found.shown(offers=[offer], at=TODAY)[0].hourly == 2450  # The organisation's tariff.


def test_somebody_on_their_own_account_may_name_a_price(offer: Offer) -> None:
    Offer.objects.filter(id=offer.id).update(mode="self_employed_fr", hourly_price=3000)
    offer.refresh_from_db()
    assert found.shown(offers=[offer], at=TODAY)[0].hourly == 3000


def test_one_activity_is_offered_once_by_one_person(offer: Offer, karim: Person, hedge: Activity) -> None:
    again = Terms(reach_km=10)
    own = on_the_site(karim, Role.WORKER)
    assert refused(lambda: jobs.put_up(act=own, person=karim, activity=hedge, terms=again)) == "offer_exists"
    jobs.end_offer(act=own, offer=offer)
    assert jobs.put_up(act=own, person=karim, activity=hedge, terms=again).listing.state == "draft"


def test_dangerous_work_is_not_offered(karim: Person, hedge: Activity) -> None:
    hedge.dangerous = True
    hedge.save()
    own, terms = on_the_site(karim, Role.WORKER), Terms(reach_km=5)
    assert refused(lambda: jobs.put_up(act=own, person=karim, activity=hedge, terms=terms)) == "activity_not_offered"


def test_somebody_who_does_not_work_offers_nothing(odile: Person, hedge: Activity) -> None:
    own, terms = on_the_site(odile), Terms(reach_km=5)
    assert refused(lambda: jobs.put_up(act=own, person=odile, activity=hedge, terms=terms)) == "not_a_worker"


def test_whoever_is_not_employed_offers_nothing_at_the_organisations_price(
    act: Act, karim: Person, hedge: Activity
) -> None:
    Membership.objects.filter(person=karim, role="worker").update(role="supplier")
    terms = Terms(reach_km=5)
    assert refused(lambda: jobs.put_up(act=act, person=karim, activity=hedge, terms=terms)) == "not_a_worker"
    offer = jobs.put_up(act=act, person=karim, activity=hedge, terms=terms, mode="self_employed_fr")
    assert found.shown(offers=[offer], at=TODAY)[0].hourly is None


def test_an_offer_is_seen_while_its_person_holds_the_role(offer: Offer) -> None:
    Membership.objects.filter(person=offer.person, role="worker").update(until=TODAY.date())
    assert seen() == []


def test_a_pause_hides_and_ends(offer: Offer) -> None:
    own = on_the_site(offer.person, Role.WORKER)
    jobs.pause_offer(act=own, offer=offer)
    assert seen() == []
    jobs.resume_offer(act=own, offer=offer)
    assert seen() == [offer]


def test_other_words_are_looked_at_again(offer: Offer, act: Act) -> None:
    own = later(on_the_site(offer.person, Role.WORKER), minutes=1)
    jobs.revise_offer(act=own, offer=offer, terms=Terms(10, details="Tout seul"))
    assert seen() == []
    assert Task.objects.filter(kind="open_offer", done_at__isnull=True).count() == 1
    jobs.revise_offer(act=act, offer=offer, terms=Terms(10, details="À deux"))
    assert (seen(), offer.listing.details, offer.reach_km) == ([offer], "À deux", 10)


def test_opening_notes_that_they_can(act: Act, karim: Person, hedge: Activity, waiting: Offer) -> None:
    Skill.objects.all().delete()
    jobs.open_offer(act=act, offer=waiting)
    assert Skill.objects.get().how == "said"


def test_an_offer_ends_by_itself(act: Act, offer: Offer, clock_act: Act) -> None:
    jobs.revise_offer(act=act, offer=offer, terms=Terms(5, until=TODAY + timedelta(days=3)))
    assert seen(TODAY + timedelta(days=4)) == []
    (over,) = found.over(at=clock_act.at)
    jobs.end_offer(act=clock_act, offer=over)
    offer.listing.refresh_from_db()
    assert offer.listing.state == "closed"


def test_nobody_is_seen_who_no_longer_works_here(offer: Offer) -> None:
    Worker.objects.update(until=TODAY.date() - timedelta(days=1))
    assert seen() == []


# Seeing


def test_a_name_is_shown_to_whom_its_bearer_agreed(offer: Offer, act: Act) -> None:
    assert Consent.objects.get(purpose=SHOW_NAME).given
    assert found.shown(offers=[offer], at=TODAY)[0].name == "Karim B."
    jobs.revise_offer(act=act, offer=offer, terms=Terms(5, named=False))
    assert found.shown(offers=[offer], at=TODAY)[0].name == ""


def test_offers_are_found_by_activity_and_by_how_far_they_come(offer: Offer, place: Place) -> None:
    far = Place(code="2", postcode="2", name="Loin", latitude=44.7, longitude=-0.2, search_text="loin")
    near = Place(code="3", postcode="3", name="Près", latitude=44.63, longitude=-0.2, search_text="pres")
    assert seen(activity="haie") == [offer]
    assert seen(activity="courses") == []
    assert seen(near=near) == [offer]
    assert seen(near=far) == []


def test_free_times_are_the_week_and_single_days_less_missions(offer: Offer, odile: Person, karim: Person) -> None:
    before = found.free_visits(offer=offer, client=odile, minutes=120, at=TODAY)
    saturday = TODAY + timedelta(days=5)
    jobs.add_free_moment(
        act=on_the_site(karim, Role.WORKER), person=karim, window=Window(saturday, saturday + timedelta(hours=2))
    )
    assert Window.lasting(saturday, 120) in found.free_visits(offer=offer, client=odile, minutes=120, at=TODAY)
    book(offer, odile)
    after = found.free_visits(offer=offer, client=odile, minutes=120, at=TODAY)
    assert {one.start for one in before} - {one.start for one in after} == {
        WEDNESDAY + timedelta(hours=hours) for hours in (-1, 0)
    }


def test_a_single_day_counts_for_the_desks_suggestions_too(
    karim: Person, request_: Request, act: Act, legal: None
) -> None:
    jobs.set_free_times(act=act, person=karim, weekly=WEEK)
    (one,) = candidates(request=request_, at=TODAY).people
    assert "not_free" in {reason.code for reason in one.suggestion.reasons}
    moment = Window(TODAY + timedelta(days=1), TODAY + timedelta(days=1, hours=3))
    free = jobs.add_free_moment(act=act, person=karim, window=moment)
    (one,) = candidates(request=request_, at=TODAY).people
    assert "free" in {reason.code for reason in one.suggestion.reasons}
    jobs.remove_free_moment(act=act, free=free)
    (one,) = candidates(request=request_, at=TODAY).people
    assert "not_free" in {reason.code for reason in one.suggestion.reasons}


def test_moments_that_a_rule_stands_against_are_not_shown(offer: Offer, odile: Person, legal: None) -> None:
    assert found.free_visits(offer=offer, client=None, minutes=120, at=TODAY)
    Paper.objects.update(valid_to=TODAY.date())
    assert found.free_visits(offer=offer, client=None, minutes=120, at=TODAY) == []


# Asking


def ask(offer: Offer, client: Person, *, else_another: bool = True, starts_at: datetime = WEDNESDAY) -> Request:
    return jobs.ask_person(
        act=on_the_site(client),
        offer=offer,
        client=client,
        starts_at=starts_at,
        minutes=120,
        else_another=else_another,
    )


def test_the_person_asked_is_asked_alone(offer: Offer, odile: Person, nadege: Person) -> None:
    request = ask(offer, odile)
    proposal = Proposal.objects.get()
    assert (proposal.person, proposal.state, request.state) == (offer.person, "offered", "proposed")
    assert proposal.offered_by == offer.opened_by, "the organisation is committed by whoever opened the offer"
    assert {letter.template for letter in Letter.objects.exclude(template="offer_opened")} == {
        "request_noted",
        "proposal",
    }


def test_a_job_that_one_person_is_asked_for_is_on_no_public_list(offer: Offer, odile: Person) -> None:
    ask(offer, odile)
    assert not Notice.objects.exists()
    jobs.answer(act=by_text(offer.person), proposal=Proposal.objects.get(), yes=False)
    assert not Notice.objects.exists(), "the desk decides whether everybody reads of it"


def test_yes_to_a_direct_request_is_a_yes_like_any(offer: Offer, odile: Person) -> None:
    ask(offer, odile)
    jobs.answer(act=by_text(offer.person), proposal=Proposal.objects.get(), yes=True)
    assert Mission.objects.get().worker == offer.person


def test_no_brings_the_request_to_the_desk(offer: Offer, odile: Person) -> None:
    request = ask(offer, odile)
    jobs.answer(act=by_text(offer.person), proposal=Proposal.objects.get(), yes=False)
    request.refresh_from_db()
    assert request.state == "open"
    assert Task.objects.get(kind="nobody_left").about_id == request.id


def test_no_ends_it_where_nobody_else_was_wanted(offer: Offer, odile: Person) -> None:
    request = ask(offer, odile, else_another=False)
    jobs.answer(act=by_text(offer.person), proposal=Proposal.objects.get(), yes=False)
    request.refresh_from_db()
    assert request.state == "unmet"
    assert Letter.objects.get(template="request_unmet").person == odile
    assert not Task.objects.filter(kind="nobody_left").exists()


def test_silence_asks_the_desk_to_call(offer: Offer, odile: Person, clock_act: Act) -> None:
    ask(offer, odile)
    jobs.expire(act=clock_act, proposal=Proposal.objects.get())
    assert Task.objects.filter(kind="no_answer").exists()


def test_nobody_asks_for_somebody_who_may_not_come(offer: Offer, odile: Person) -> None:
    book(offer, odile)
    assert refused(lambda: ask(offer, odile)) == "not_possible_then"
    assert Request.objects.count() == 1, "nothing half done"


# Booking


def test_a_booking_is_agreed_at_once(offer: Offer, odile: Person) -> None:
    mission = book(offer, odile)
    assert (mission.state, mission.worker, mission.starts_at) == ("agreed", offer.person, WEDNESDAY)
    agreement = Agreement.objects.get()
    assert agreement.state == "drawn_up", "client and worker still sign"
    assert Signature.objects.get(agreement=agreement).by == offer.opened_by
    assert Pick.objects.get().booked
    sent = {letter.template for letter in Letter.objects.exclude(template="offer_opened")}
    assert sent == {"sign_client", "sign_worker"}, "one event, one message"


def test_the_same_moment_is_not_booked_twice(offer: Offer, odile: Person, neighbour: Person) -> None:
    book(offer, odile)
    assert refused(lambda: book(offer, neighbour)) == "moment_taken"
    assert refused(lambda: book(offer, neighbour, WEDNESDAY - timedelta(hours=1))) == "moment_taken"
    assert Mission.objects.count() == 1


@pytest.fixture
def neighbour(act: Act, place: Place, odile: Person) -> Person:
    return Person.objects.create(
        family_name="Vidal", street="14, rue des Tilleuls", place=place, known_since=TODAY, kind="individual"
    )


def test_a_moment_is_free_again_when_the_visit_is_called_off(offer: Offer, odile: Person, neighbour: Person) -> None:
    mission = book(offer, odile)
    assert TakenQuarter.objects.count() == 8
    jobs.cancel(act=on_the_site(odile), request=mission.request)
    assert not TakenQuarter.objects.exists()
    assert book(offer, neighbour).state == "agreed"


def test_without_the_lock_the_quarters_still_hold(
    offer: Offer, odile: Person, neighbour: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(offer, odile)
    monkeypatch.setattr("entremise.jobs.operations.picking.is_free", lambda **_: True)
    monkeypatch.setattr("entremise.jobs.operations.picking.blocks_for", lambda **_: ())
    assert refused(lambda: book(offer, neighbour, WEDNESDAY + timedelta(hours=1))) == "moment_taken"
    assert Request.objects.count() == 1


def test_only_what_is_free_and_early_enough_is_booked(offer: Offer, odile: Person) -> None:
    assert refused(lambda: book(offer, odile, WEDNESDAY + timedelta(hours=5))) == "moment_taken"
    late = later(on_the_site(odile), days=1, hours=20)
    assert (
        refused(lambda: jobs.book(act=late, offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120))
        == "moment_taken"
    )


def test_an_offer_that_wants_to_be_asked_is_not_booked(offer: Offer, odile: Person, act: Act) -> None:
    jobs.revise_offer(act=act, offer=offer, terms=Terms(reach_km=5))
    assert refused(lambda: book(offer, odile)) == "not_bookable"


def test_whoever_works_by_quote_is_asked_in_their_mode_and_never_booked(offer: Offer, odile: Person) -> None:
    offer.mode = "self_employed_fr"
    assert refused(lambda: book(offer, odile)) == "not_bookable"
    assert refused(lambda: ask(offer, odile)) == "not_possible_then", "Karim does not work on his own account"


def test_rules_that_stand_against_a_proposal_stand_against_a_booking(offer: Offer, odile: Person) -> None:
    Paper.objects.update(valid_to=TODAY.date())
    assert refused(lambda: book(offer, odile)) == "not_possible_then"


def test_nobody_comes_further_than_they_said(offer: Offer, odile: Person) -> None:
    odile.latitude, odile.longitude = 44.7, -0.2
    odile.save()
    assert refused(lambda: book(offer, odile)) == "too_far"


def test_a_paused_offer_is_picked_by_nobody(offer: Offer, odile: Person, act: Act) -> None:
    jobs.pause_offer(act=act, offer=offer)
    assert refused(lambda: book(offer, odile)) == "offer_gone"
    assert refused(lambda: ask(offer, odile)) == "offer_gone"


def test_nobody_picks_themselves(offer: Offer, karim: Person, place: Place) -> None:
    karim.street = "1, rue du Lavoir"
    karim.save()
    offer.refresh_from_db()
    assert refused(lambda: book(offer, offer.person)) == "own_offer"


def test_a_client_without_address_is_told_to_call(offer: Offer, odile: Person) -> None:
    odile.street = ""
    assert refused(lambda: book(offer, odile)) == "address_needed"


def test_a_client_books_for_themselves_only(offer: Offer, odile: Person, nadege: Person) -> None:
    stranger = on_the_site(nadege)
    assert (
        refused(lambda: jobs.book(act=stranger, offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120))
        == "not_allowed"
    )


def test_the_desk_books_for_a_client_on_the_phone(offer: Offer, odile: Person, act: Act) -> None:
    jobs.book(act=act.for_person(odile.id), offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120)
    fact = Fact.objects.get(type="offer_picked")
    assert (fact.by, fact.on_behalf_of, fact.door) == (act.by.person, odile.id, "phone")
