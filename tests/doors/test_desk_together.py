"""A group purchase at the desk: planned, opened, ordered in by telephone, looked at before it closes, closed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from entremise.buying import queries as buying
from entremise.buying.models import Purchase
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign
from entremise.doors.frame import visit
from entremise.figures.operations import load_shipped
from entremise.kernel.act import Role
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.buying.conftest import CLOCK, CLOSES, PELLETS, Ask, Offer, ask, household, offer
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk, coordination, desk
from tests.doors.desk.pages import text

__all__ = ["ask", "coordination", "desk", "offer"]

pytestmark = pytest.mark.usefixtures("inside")

TYPED = {
    "count": "1",
    "do": "plan",
    "title": "Granulés de bois",
    "about": "Sacs de 15 kg.",
    "who": "",
    "picked": "",
    "role": "own_sale",
    "where": "Au local, 14, rue du Lavoir",
    "opens_on": "",
    "opens_at": "",
    "fills_on": "03/12/2026",
    "fills_at": "8 h",
    "closes_on": "05/12/2026",
    "closes_at": "18:30",
    "handed_from": "14/12/2026",
    "handed_until": "18/12/2026",
    "threshold": "20",
    "measure": "pledges",
    "strategy": "queue",
    "title_1": "Granulés",
    "unit_1": "sac de 15 kg",
    "size_1": "1",
    "rate_1": "0.1",
    "tiers_by_1": "households",
    "from_1_1": "20",
    "price_1_1": "6,20",
    "from_1_2": "40",
    "price_1_2": "5,75",
    "from_1_3": "60",
    "price_1_3": "5,40",
    "ours_1": "0,25",
    "carriage_1": "0,45",
}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: TODAY)


@pytest.fixture
def organiser(coordination: Client) -> Client:
    load_shipped()
    return coordination


def plan(client: Client, **other: str) -> str:
    """The page that comes back with something to look at."""
    return text(client.post(reverse("desk:new_together"), {**TYPED, **other}), 422)


def address(name: str, purchase: Purchase, *more: object) -> str:
    return reverse(f"desk:{name}", args=[purchase.campaign.number, *more])


def fault(page: str, field: str) -> str:
    found = re.search(rf'id="\w+_{field}_error">.*?</span>(.*?)</span>', page, re.DOTALL)
    return found[1] if found else ""


# Planned


def test_a_purchase_is_planned_as_it_was_typed(organiser: Client) -> None:
    answer = organiser.post(reverse("desk:new_together"), TYPED)
    purchase = Purchase.objects.select_related("campaign").get()
    assert answer["Location"] == address("together_one", purchase)
    campaign = purchase.campaign
    assert (campaign.state, campaign.threshold, campaign.measure) == ("draft", 20, "pledges")
    assert campaign.opens_at == TODAY
    assert campaign.fills_at == datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
    assert campaign.closes_at == datetime(2026, 12, 5, 17, 30, tzinfo=UTC)
    (article,) = buying.articles_of(purchase=purchase.id)
    assert article.tiers == [[20, 620], [40, 575], [60, 540]]
    assert (str(article.vat_rate), article.ours, article.carriage) == ("0.1000", 25, 45)
    page = text(organiser.get(address("together_one", purchase)))
    assert "Ouvrir les inscriptions" in page
    assert "0 foyer pour un seuil de 20 foyers" in page


def test_the_rates_of_vat_are_those_that_stand(organiser: Client) -> None:
    page = text(organiser.get(reverse("desk:new_together")))
    assert re.findall(r'<option value="[\d.]+"[^>]*>([^<]+)', page[page.index('name="rate_1"') :])[:4] == [
        "20 %",
        "10 %",
        "5,5 %",
        "sans TVA",
    ]


def test_another_article_is_only_more_fields(organiser: Client) -> None:
    page = text(organiser.post(reverse("desk:new_together"), {**TYPED, "do": "more"}))
    assert 'name="title_2"' in page
    assert 'name="title_1" value="Granulés"' in page
    assert 'name="price_1_3" value="5,40"' in page
    assert "Il y a un problème" not in page
    assert not Purchase.objects.exists()


def test_an_article_of_which_nothing_was_typed_is_none(organiser: Client) -> None:
    organiser.post(reverse("desk:new_together"), {**TYPED, "count": "2", "size_2": "1", "rate_2": "0.1"})
    assert len(buying.articles_of(purchase=Purchase.objects.get().id)) == 1


def test_two_articles_are_planned(organiser: Client) -> None:
    oil = {"title_2": "Huile", "unit_2": "bouteille", "size_2": "6", "rate_2": "0.055", "tiers_by_2": "boxes"}
    more = {**oil, "from_2_1": "1", "price_2_1": "7", "capacity_2": "60"}
    organiser.post(reverse("desk:new_together"), {**TYPED, "count": "2", **more})
    _, article = buying.articles_of(purchase=Purchase.objects.get().id)
    assert (article.size, article.lot.capacity, article.tiers) == (6, 60, [[1, 700]])


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "", "Écrivez ce qui est acheté"),
        ("where", "", "Écrivez l’endroit"),
        ("who", "Personne Denomme", "une seule personne doit correspondre"),
        ("closes_on", "", "Écrivez"),
        ("closes_on", "30/02/2026", "Écrivez"),
        ("closes_on", "05/12/2126", "trop loin"),
        ("closes_on", "20/11/2026", "Cette date tombe mal"),
        ("closes_at", "25 h", "Écrivez l’heure ainsi"),
        ("fills_on", "06/12/2026", "Cette date tombe mal"),
        ("handed_from", "01/12/2026", "La remise vient après"),
        ("handed_until", "10/12/2026", "La remise finit avant"),
        ("threshold", "beaucoup", "nombre entier"),
        ("threshold", "0", "au-dessus de 0"),
        ("title_1", "", "Écrivez le nom de l’article"),
        ("unit_1", "", "Écrivez ce qui est compté"),
        ("size_1", "0", "nombre entier"),
        ("rate_1", "0.33", "Choisissez dans la liste"),
        ("price_1_2", "6,50", "Chaque palier demande plus"),
        ("from_1_2", "", "Écrivez les deux"),
        ("price_1_1", "cher", "Écrivez"),
        ("ours_1", "5,20", "plus que le prix le plus bas"),
        ("capacity_1", "-1", "nombre entier"),
    ],
)
def test_what_needs_another_look_is_said_beside_its_field(organiser: Client, field: str, typed: str, said: str) -> None:
    page = plan(organiser, **{field: typed})
    assert said in fault(page, field)
    assert 'value="5,40"' in page
    assert not Campaign.objects.exists()


def test_a_price_is_needed(organiser: Client) -> None:
    gone = {f"{name}_1_{row}": "" for name in ("from", "price") for row in (1, 2, 3)}
    assert "au moins un prix" in fault(plan(organiser, **gone), "price_1_1")


# The hour that is missing in spring, and the one that comes twice in autumn.


def test_an_hour_that_no_clock_shows_is_refused(organiser: Client) -> None:
    late = {"closes_on": "28/03/2027", "handed_from": "30/03/2027", "handed_until": "30/03/2027"}
    assert "n’existe pas ce jour-là" in fault(plan(organiser, **late, closes_at="2 h 30"), "closes_at")


def test_an_hour_that_comes_twice_is_refused(organiser: Client) -> None:
    late = {"closes_on": "31/10/2027", "handed_from": "2/11/2027", "handed_until": "2/11/2027"}
    assert "vient deux fois" in fault(plan(organiser, **late, closes_at="2:30"), "closes_at")


@pytest.mark.parametrize(
    ("day", "hour", "utc"), [("27/03/2027", "18 h", 17), ("28/03/2027", "18 h", 16), ("31/10/2027", "18 h", 17)]
)
def test_a_deadline_is_what_clocks_in_town_show(organiser: Client, day: str, hour: str, utc: int) -> None:
    when = {"closes_on": day, "closes_at": hour, "handed_from": "15/11/2027", "handed_until": "15/11/2027"}
    organiser.post(reverse("desk:new_together"), {**TYPED, **when})
    assert Campaign.objects.get().closes_at.astimezone(UTC).hour == utc


# Opened, called off


def test_it_is_opened_and_called_off_for_a_reason(organiser: Client) -> None:
    organiser.post(reverse("desk:new_together"), TYPED)
    purchase = Purchase.objects.select_related("campaign").get()
    organiser.post(address("open_together", purchase))
    assert Campaign.objects.get().state == "open"
    page = text(organiser.post(address("call_off_together", purchase), {"reason": ""}), 422)
    assert "Écrivez pourquoi" in fault(page, "reason")
    organiser.post(address("call_off_together", purchase), {"reason": "Le fournisseur ferme."})
    page = text(organiser.get(address("together_one", purchase)))
    assert "Le fournisseur ferme." in page
    assert "Prendre une commande" not in page


def test_who_may_not_run_one_is_offered_nothing(desk: Desk, offer: Offer) -> None:
    support, money = desk(Role.SUPPORT_WORKER, given="Awa"), desk(Role.TREASURER, given="Hélène")
    purchase = offer(PELLETS)
    page = text(support.get(address("together_one", purchase)))
    assert "Prendre une commande" in page
    assert "Abandonner" not in page
    assert support.get(reverse("desk:new_together")).status_code == 404
    assert support.post(address("call_off_together", purchase), {"reason": "x"}).status_code == 404
    assert money.get(reverse("desk:together")).status_code == 404


def test_another_organisation_sees_nothing(desk: Desk, elsewhere: Organisation, offer: Offer) -> None:
    purchase = offer(PELLETS)
    stranger = desk(Role.DIRECTOR, of=elsewhere)
    assert "Aucun achat ici" in text(stranger.get(reverse("desk:together")))
    assert stranger.get(address("together_one", purchase)).status_code == 404
    assert stranger.get(address("together_closing", purchase)).status_code == 404
    assert stranger.post(address("open_together", purchase)).status_code == 404


# Where else it is met


def test_the_day_says_what_is_to_close_and_what_ends_tomorrow(
    coordination: Client, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = offer(PELLETS)
    assert "finit" not in text(coordination.get(reverse("desk:today")))
    monkeypatch.setattr(visit, "now", lambda: CLOSES - timedelta(days=1))
    assert f"L’achat {purchase.campaign.number}, Ensemble, finit" in text(coordination.get(reverse("desk:today")))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    assert "est à clôturer" in text(coordination.get(reverse("desk:today")))


def test_somebody_s_card_says_what_they_ordered(coordination: Client, offer: Offer, ask: Ask) -> None:
    purchase, person = offer(PELLETS), household(1)
    there = reverse("desk:person", args=[person.id])
    assert "Achats groupés" not in text(coordination.get(there))
    ask(purchase, person, (2, 0, 620))
    assert "au plus 12,40 €" in text(coordination.get(there))


def test_it_is_found_with_the_keyboard(coordination: Client) -> None:
    page = text(coordination.get(reverse("desk:palette"), {"q": "achat group"}))
    assert reverse("desk:new_together") in page


def test_another_organisation_s_numbers_are_its_own(organiser: Client, elsewhere: Organisation) -> None:
    organiser.post(reverse("desk:new_together"), TYPED)
    with scope.within(elsewhere.id):
        assert not buying.listed(states=("draft",)).exists()
