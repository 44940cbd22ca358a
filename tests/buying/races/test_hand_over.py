"""Many at once: a parcel goes home once, whichever telephone says so, and nobody counts anew what is leaving."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Parcel, Purchase
from entremise.buying.operations import Wants
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign
from entremise.figures import operations as figures
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.settlement.queries.accounts import free_on_account
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.buying.conftest import CLOSES, OIL, household, planned
from tests.conftest import TODAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

HOUSEHOLDS = 3
Stage = tuple[Organisation, Act, UUID]


@pytest.fixture
def stage() -> Stage:
    """Three parcels of six bottles, paid from what each household has set aside, ready."""
    figures.load_shipped()
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        LegalIdentity.objects.create(legal_name="Races", siret="73282932000074")
        act = Act(by=Actor(household(99).id, STAFF), at=TODAY, door=Door.DESK)
        purchase = planned(act, OIL, threshold=1)
        campaigns.open_campaign(act=act, campaign=purchase.campaign)
        (article,) = queries.articles_of(purchase=purchase.id)
        for number in range(HOUSEHOLDS):
            person = household(number)
            settlement.pay_in(act=act, person=person, amount=10000, how="cash", key=f"in{number}")
            wants = [Wants(article, 6, 0, 700)]
            operations.order(act=act, purchase=purchase, person=person, wants=wants, means="account")
        act = replace(act, at=CLOSES + timedelta(days=9))
        campaigns.shut(act=act, campaign=purchase.campaign)
        seen = queries.preview(purchase=purchase).digest
        operations.close_purchase(act=act, purchase=purchase, seen=seen)
    return organisation, act, purchase.id


def arrived(act: Act, purchase: UUID) -> None:
    one = Purchase.objects.get(id=purchase)
    operations.order_supply(act=act, purchase=one)
    (article,) = queries.articles_of(purchase=purchase)
    operations.receive_supply(act=act, purchase=one, received={article.id: 18})


def parcel_of(purchase: UUID, number: int) -> Parcel:
    return next(one for one in queries.parcels_of(purchase=purchase) if one.number == number)


def test_one_parcel_ticked_on_six_telephones_is_billed_once(stage: Stage) -> None:
    organisation, act, purchase = stage
    with scope.writing(organisation.id):
        arrived(act, purchase)
    made = rivals(
        6,
        organisation.id,
        lambda number: operations.hand_over(act=act, parcel=parcel_of(purchase, 1), key=f"tick-{number % 2}"),
    )
    assert {one.code for one in made if isinstance(one, Refused)} <= {"parcel_ended"}
    assert all(isinstance(one, Parcel | Refused) for one in made), made
    with scope.reading(organisation.id):
        invoice = Invoice.objects.get()
        assert free_on_account(person=invoice.client_id) == 10000 - invoice.total


def test_a_parcel_is_collected_or_left_and_never_both(stage: Stage) -> None:
    organisation, act, purchase = stage
    with scope.writing(organisation.id):
        arrived(act, purchase)

    def end(number: int) -> object:
        parcel = parcel_of(purchase, 1)
        if number % 2:
            return operations.leave_parcel(act=act, parcel=parcel, reason="Partie")
        return operations.hand_over(act=act, parcel=parcel, key="tick")

    made = rivals(6, organisation.id, end)
    assert {one.code for one in made if isinstance(one, Refused)} == {"parcel_ended"}
    with scope.reading(organisation.id):
        assert Invoice.objects.count() == (Parcel.objects.get(number=1).state == "collected")


def test_ordered_by_six_it_is_ordered_once_or_called_off(stage: Stage) -> None:
    organisation, act, purchase = stage

    def decide(number: int) -> object:
        if number == 5:
            return campaigns.call_off(act=act, campaign=Campaign.objects.get(), reason="Trop cher")
        return operations.order_supply(act=act, purchase=Purchase.objects.get(id=purchase))

    made = rivals(6, organisation.id, decide)
    assert {one.code for one in made if isinstance(one, Refused)} == {"not_now"}
    with scope.reading(organisation.id):
        ordered = Campaign.objects.get().state == "committed"
        assert Parcel.objects.count() == (HOUSEHOLDS if ordered else 0)


def test_two_clocks_let_everybody_go_once(stage: Stage) -> None:
    organisation, act, _purchase = stage
    with scope.writing(organisation.id):
        campaigns.call_off(act=act, campaign=Campaign.objects.get(), reason="Trop cher")
    rivals(4, organisation.id, lambda _: operations.let_go(act=act, purchase=Purchase.objects.get(), limit=2))
    with scope.writing(organisation.id):
        operations.let_go(act=act, purchase=Purchase.objects.get())
        assert Letter.objects.filter(template="purchase_off").count() == HOUSEHOLDS
        assert Purchase.objects.get().state == "off"
