"""What somebody offers on their own account: their price, a quote before anybody is bound, no rule of the employed."""

from datetime import timedelta

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Offer, Request, Skill, SupplierQuote
from entremise.jobs.operations.offers import Terms
from entremise.jobs.queries import offers as found
from entremise.jobs.queries.quotes import own_prices
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Role
from entremise.market.models import Proposal
from entremise.messaging.models import Letter
from entremise.people import operations as people
from entremise.people.models import Membership, Person
from tests.conftest import TODAY
from tests.jobs.conftest import by_text, later
from tests.jobs.test_offers import WEDNESDAY, WEEK, on_the_site, refused, seen

BY_QUOTE = with_pricing("quote").code


def put_up(person: Person, activity: Activity, terms: Terms) -> Offer:
    own = on_the_site(person, Role.SUPPLIER)
    return jobs.put_up(act=own, person=person, activity=activity, terms=terms, mode=BY_QUOTE)


@pytest.fixture
def gardener(act: Act, bruno: Person, hedge: Activity) -> Offer:
    """Bruno's hedges at 34 € an hour, open, on Wednesday and Thursday mornings."""
    offer = put_up(bruno, hedge, Terms(reach_km=10, named=True, hourly_price=3400))
    jobs.set_free_times(act=on_the_site(bruno, Role.SUPPLIER), person=bruno, weekly=WEEK)
    return jobs.open_offer(act=act, offer=offer)


def ask(offer: Offer, client: Person) -> Request:
    own = on_the_site(client)
    return jobs.ask_person(act=own, offer=offer, client=client, starts_at=WEDNESDAY, minutes=120, else_another=False)


def test_a_supplier_puts_up_their_own_which_the_desk_opens(act: Act, bruno: Person, hedge: Activity) -> None:
    offer = put_up(bruno, hedge, Terms(reach_km=10, hourly_price=3400))
    assert (offer.mode, offer.listing.state, seen()) == (BY_QUOTE, "draft", [])
    jobs.open_offer(act=act, offer=offer)
    assert seen() == [offer]


def test_an_offer_is_at_its_persons_own_price(gardener: Offer, odile: Person) -> None:
    page = found.offer_page(number=gardener.listing.number, client=odile, minutes=120, at=TODAY)
    assert page is not None
    assert (page.shown.hourly, page.price) == (3400, None)
    assert page.own is not None
    assert (page.own.price, page.own.supplier, page.own.commission) == (6800, 6120, 680)


def test_the_price_is_the_same_in_the_offer_and_in_what_they_are_asked(
    act: Act, gardener: Offer, bruno: Person, hedge: Activity
) -> None:
    asked = own_prices(people_=[bruno.id], activity=hedge, minutes=60, on=TODAY.date())
    assert asked[bruno.id].hourly == 3400
    jobs.describe_supplier(act=act, person=bruno, siret="73282932000074", prices={"haie": 3600})
    gardener.refresh_from_db()
    assert gardener.hourly_price == 3600
    own = later(on_the_site(bruno, Role.SUPPLIER), minutes=1)
    jobs.revise_offer(act=own, offer=gardener, terms=Terms(10, hourly_price=3700))
    assert Skill.objects.get(worker__person=bruno).hourly_price == 3700


def test_an_offer_without_a_price_shows_none_and_keeps_the_one_in_their_file(
    act: Act, bruno: Person, hedge: Activity
) -> None:
    offer = jobs.open_offer(act=act, offer=put_up(bruno, hedge, Terms(reach_km=10)))
    jobs.describe_supplier(act=act, person=bruno, siret="73282932000074", prices={"haie": 3300})
    page = found.offer_page(number=offer.listing.number, client=None, minutes=120, at=TODAY)
    assert page is not None
    assert (page.shown.hourly, page.own, page.price) == (None, None, None)
    assert Skill.objects.get(worker__person=bruno).hourly_price == 3300


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Terms(5, hourly_price=0), "price_not_positive"),
        (Terms(5, hourly_price=10_000_01), "price_needed"),
        (Terms(5, bookable=True), "quote_before_booking"),
    ],
)
def test_a_price_is_sensible_and_nothing_is_booked_without_a_quote(
    bruno: Person, hedge: Activity, terms: Terms, why: str
) -> None:
    assert refused(lambda: put_up(bruno, hedge, terms)) == why
    assert not Offer.objects.exists()


def test_whoever_is_employed_names_no_price(karim: Person, hedge: Activity) -> None:
    own, terms = on_the_site(karim, Role.WORKER), Terms(5, hourly_price=1900)
    put = lambda: jobs.put_up(act=own, person=karim, activity=hedge, terms=terms)  # noqa: E731  # One line.
    assert refused(put) == "price_is_the_tariff"


def test_the_mode_of_an_offer_is_one_in_which_its_person_works(bruno: Person, karim: Person, hedge: Activity) -> None:
    own = on_the_site(bruno, Role.SUPPLIER)
    assert refused(lambda: jobs.put_up(act=own, person=bruno, activity=hedge, terms=Terms(5))) == "not_a_worker"
    assert refused(lambda: put_up(karim, hedge, Terms(5))) == "not_a_worker"
    assert found.mode_of(person=karim.id, by_quote=True, on=TODAY.date()).by_quote  # Refused then, not sold otherwise.


def test_an_offer_is_seen_while_its_person_works_in_its_own_mode(act: Act, gardener: Offer, bruno: Person) -> None:
    """Somebody hired since is no longer offered as self-employed."""
    Membership.objects.filter(person=bruno, role="supplier").update(until=TODAY.date())
    people.give_role(act=act, person=bruno, role=Role.WORKER, since=TODAY.date())
    assert seen() == []


def test_no_rule_of_the_employed_hides_a_moment(gardener: Offer, odile: Person, bruno: Person, act: Act) -> None:
    """He has no PASS, and works until midnight that day: his own affair."""
    evening = WEDNESDAY + timedelta(hours=3)
    long = jobs.post_request(
        act=act, client=odile, activity=gardener.activity, starts_at=evening, minutes=660, mode=BY_QUOTE
    )
    (proposal,) = jobs.propose(act=act, request=long, workers=[bruno.id])
    jobs.accept_quote(act=act, quote=jobs.send_quote(act=act, proposal=proposal, whole=9000))
    visits = found.free_visits(offer=gardener, client=odile, minutes=120, at=TODAY)
    assert WEDNESDAY in [visit.start for visit in visits]


def test_whoever_is_asked_answers_with_a_quote_at_the_price_shown(
    gardener: Offer, odile: Person, bruno: Person
) -> None:
    request = ask(gardener, odile)
    assert (request.mode, request.price, request.hourly_wage) == (BY_QUOTE, 0, 0)
    assert "68,00" in Letter.objects.get(template="quote_asked").body
    jobs.answer(act=by_text(bruno, role=Role.SUPPLIER), proposal=Proposal.objects.get(), yes=True)
    quote = SupplierQuote.objects.get()
    assert (quote.price, quote.supplier, quote.state) == (6800, bruno, "sent")
    assert not Mission.objects.exists()


def test_a_business_that_nobody_has_seen_in_the_register_is_not_asked(gardener: Offer, odile: Person) -> None:
    gardener.person.papers.all().delete()
    assert refused(lambda: ask(gardener, odile)) == "not_possible_then"
