"""A household that takes part in a group purchase: coming in, ordering, a change of mind, what became of it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge, PledgeStep
from entremise.campaigns.queries import queue_of
from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from tests.buying.conftest import CLOSES, OIL, PELLETS, Ask, Offer, ask, household, offer, over
from tests.buying.supply import parcels, receive
from tests.conftest import TODAY
from tests.doors.conftest import Visitor
from tests.doors.test_site_purchases import at, pellets, plain, text
from tests.jobs.conftest import odile, place
from tests.settlement.conftest import legal

__all__ = ["ask", "legal", "odile", "offer", "pellets", "place"]

JAM = ArticleDraft("Confiture", "pot", [Tier(1, 400)], OIL.vat_rate, capacity=5)


def typed(quantity: object, place: int = 1, **more: object) -> dict[str, object]:
    return {f"quantity_{place}": quantity, f"ceiling_{place}": 620, "means": "later", **more}


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    moment = TODAY + timedelta(days=days)
    monkeypatch.setattr(visit, "now", lambda: moment)


# Coming in


def test_whoever_is_not_signed_in_comes_back_to_what_they_typed(
    visitor: Client, pellets: Purchase, odile: Person
) -> None:
    page = visitor.get(at(pellets)).content.decode()
    assert "csrfmiddlewaretoken" not in page, "else the page could not be kept"
    assert "M’inscrire sans payer" not in page
    answer = visitor.get(at(pellets, "commande"), {"quantity_1": "17", "ceiling_1": "540", "autre": "x"})
    assert answer.headers["Location"] == f"/entrer?next=%2Fensemble%2F{pellets.campaign.number}%2Fcommande"
    assert "autre" not in visitor.session["order"]["typed"]
    code = _code_of(visitor, answer.headers["Location"])
    answer = visitor.post("/entrer/code", {"code": code})
    assert answer.headers["Location"] == at(pellets, "commande")
    form = visitor.get(at(pellets, "commande")).content.decode()
    assert 'value="17"' in form
    assert '<option value="540" selected>' in form
    assert visitor.post(at(pellets, "commande"), typed(17)).status_code == 302
    assert "order" not in visitor.session


def _code_of(client: Client, address: str) -> str:
    client.post("/entrer", {"phone": "06 39 98 14 27", "next": address.partition("next=")[2].replace("%2F", "/")})
    return str(re.findall(r"\d{6}", Letter.objects.filter(template="entry_code").latest("queued_at").body)[0])


def test_nobody_orders_without_coming_in(visitor: Client, pellets: Purchase) -> None:
    assert visitor.post(at(pellets, "commande"), typed(2)).headers["Location"].startswith("/entrer")
    assert not Pledge.objects.exists()


# Ordering


def test_a_household_orders_and_reads_the_most_it_can_come_to(
    inside_as: Visitor, pellets: Purchase, odile: Person
) -> None:
    client = inside_as(odile)
    answer = client.post(at(pellets, "commande"), typed(40), follow=True)
    page = plain(answer.content)
    assert "C’est noté : 248,00 € au plus. Vous pouvez changer jusqu’au samedi 5 décembre, 10 h." in page
    assert "40 × Granulés de bois , sac de 15 kg 6,20 € l’unité au plus" in page
    assert "À payer à la remise." in page
    assert "Votre commande est notée : 248,00 € au plus." in text(client, at(pellets))


def test_whoever_says_nothing_pays_todays_price_at_most(inside_as: Visitor, pellets: Purchase, ask: Ask) -> None:
    for number in range(5):
        ask(pellets, household(number), (1, 0, 620))
    form = inside_as(household(9)).get(at(pellets, "commande")).content.decode()
    assert '<option value="575" selected>' in form


def test_the_most_is_worked_out_while_somebody_types(visitor: Client, offer: Offer) -> None:
    purchase = offer(OIL)
    asked = {"quantity_1": "3", "tolerance_1": "2", "ceiling_1": "700"}
    page = plain(visitor.get(at(purchase, "au-plus"), asked).content)
    assert "3 × bouteille à 7,00 € 21,00 € et jusqu’à 2 de plus 14,00 € Au plus 35,00 €" in page
    assert plain(visitor.get(at(purchase, "au-plus"), {"quantity_1": "trois"}).content).startswith("Indiquez")


Typed = dict[str, object]
REFUSED: list[tuple[Typed, str, str]] = [
    (typed(""), "quantity_1", "Indiquez une quantité."),
    (typed("trois"), "quantity_1", "Écrivez un nombre entier."),
    (typed("-1"), "quantity_1", "Écrivez un nombre entier."),
    (typed("10000"), "quantity_1", "Au-delà de 9 999, appelez-nous."),
    (typed(2, ceiling_1=1), "ceiling_1", "Choisissez un des prix de la liste."),
    (typed(2, budget="12,39"), "budget", "Cela fait 12,40 € au plus, votre limite est de 12,39 €."),
    (typed(2, budget="peu"), "budget", "Écrivez le montant ainsi"),
    (typed(2, means=""), "means", "Choisissez comment payer."),
    (typed(2, means="kept"), "means", "Choisissez comment payer."),
    (typed(2, means="account"), "means", "Choisissez comment payer."),
]


@pytest.mark.parametrize(("said", "field", "words"), REFUSED)
def test_a_refusal_stands_beside_its_field_and_nothing_is_lost(
    inside_as: Visitor, pellets: Purchase, odile: Person, said: Typed, field: str, words: str
) -> None:
    answer = inside_as(odile).post(at(pellets, "commande"), said)
    assert answer.status_code == 422
    page = answer.content.decode()
    beside = re.search(rf'id="id_{field}_error">(.*?)</p>', page)
    assert bool(re.search(r"<details[^>]* open", page)) == (field in ("ceiling_1", "budget")), "a mistake is in sight"
    assert beside, page
    assert words in plain(beside[1].encode())
    assert f'value="{said["quantity_1"]}"' in page or not said["quantity_1"]
    assert not Pledge.objects.exists()


def test_more_than_there_is_on_the_account_is_refused_beside_the_means(
    inside_as: Visitor, pellets: Purchase, odile: Person, act: Act
) -> None:
    settlement.pay_in(act=act, person=odile, amount=1000, how="cash", key="x")
    client = inside_as(odile)
    assert "Avec mon compte ici : 10,00 €" in text(client, at(pellets, "commande"))
    answer = client.post(at(pellets, "commande"), typed(2, means="account"))
    assert "Il y a 10,00 € sur votre compte, et cela fait 12,40 € au plus." in plain(answer.content)
    assert client.post(at(pellets, "commande"), typed(1, means="account")).status_code == 302
    assert free_on_account(person=odile.id) == 380
    assert "10,00 €, mis de côté" in text(client, at(pellets, "commande")), "what is held may be held anew"


def test_what_is_left_is_said_beside_the_quantity(inside_as: Visitor, offer: Offer, ask: Ask, odile: Person) -> None:
    purchase = offer(PELLETS, JAM)
    ask(purchase, household(1), (0, 0, 620), (3, 0, 400))
    answer = inside_as(odile).post(at(purchase, "commande"), {"quantity_2": 4, "ceiling_1": 620, "means": "later"})
    assert "Il en reste 2 : Confiture. Diminuez la quantité." in plain(
        re.findall(r'id="id_quantity_2_error">.*?</p>', answer.content.decode())[0].encode()
    )


def test_tolerance_alone_asks_how_many(inside_as: Visitor, offer: Offer, odile: Person) -> None:
    purchase = offer(OIL)
    answer = inside_as(odile).post(at(purchase, "commande"), typed("", tolerance_1=2, ceiling_1=700))
    assert "Dites d’abord combien vous en voulez." in plain(answer.content)
    assert re.search(r"<details[^>]* open", answer.content.decode()), "what was typed is not folded away"


def test_once_its_time_is_over_the_page_says_so(
    inside_as: Visitor, pellets: Purchase, odile: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 13)
    client = inside_as(odile)
    answer = client.post(at(pellets, "commande"), typed(2))
    assert answer.status_code == 422
    assert "ne prend plus d’inscription" in plain(answer.content)
    assert "Les inscriptions sont finies" in text(client, at(pellets))


def test_in_the_last_days_only_what_fills_a_box_is_taken(
    inside_as: Visitor, offer: Offer, odile: Person, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = offer(OIL)
    ask(purchase, household(1), (6, 0, 700))
    later(monkeypatch, 11)
    client = inside_as(odile)
    assert "seul ce qui en remplit un est encore pris" in text(client, at(purchase, "commande"))
    answer = client.post(at(purchase, "commande"), typed(1, ceiling_1=700))
    assert "Prenez ce qui en remplit un, ou appelez." in plain(answer.content)
    assert client.post(at(purchase, "commande"), typed(6, ceiling_1=700)).status_code == 302


# Changing


def test_whoever_takes_less_keeps_the_place_and_is_told(
    inside_as: Visitor, pellets: Purchase, odile: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = inside_as(odile)
    client.post(at(pellets, "commande"), typed(5))
    first = PledgeStep.objects.get()
    later(monkeypatch, 1)
    form = client.get(at(pellets, "commande")).content.decode()
    assert 'value="5"' in form
    assert "Prendre moins garde votre place" in plain(form.encode())
    page = plain(client.post(at(pellets, "commande"), typed(3), follow=True).content)
    assert "Votre place dans la file est gardée." in page
    (left,) = pledged_queue(pellets)
    assert left == 3
    assert first.at == TODAY
    page = plain(client.post(at(pellets, "commande"), typed(4), follow=True).content)
    assert "Ce que vous ajoutez prend la suite de la file" in page


def pledged_queue(purchase: Purchase) -> list[int]:
    return [step.quantity for step in queue_of(campaign=purchase.campaign_id)]


def test_a_form_filled_while_the_price_moved_keeps_its_own_limit(
    inside_as: Visitor, pellets: Purchase, odile: Person, ask: Ask
) -> None:
    client = inside_as(odile)
    client.get(at(pellets, "commande"))
    for number in range(5):
        ask(pellets, household(number), (1, 0, 620))
    client.post(at(pellets, "commande"), typed(2))
    assert Pledge.objects.get(person=odile).at_most == 1240


def test_whoever_withdraws_owes_nothing_and_may_come_back(inside_as: Visitor, pellets: Purchase, odile: Person) -> None:
    client = inside_as(odile)
    client.post(at(pellets, "commande"), typed(5))
    assert "Annuler" in text(client, "/moi/commandes/")
    for _again in range(2):
        page = plain(client.post(at(pellets, "retrait"), follow=True).content)
        assert "C’est annulé. Rien ne vous sera demandé." in page
        assert "Vous avez annulé" in page
    assert Pledge.objects.get().state == "withdrawn"
    client.post(at(pellets, "commande"), typed(1))
    assert Pledge.objects.filter(state="pledged").count() == 1


def test_nobody_withdraws_for_another(inside_as: Visitor, pellets: Purchase, odile: Person, ask: Ask) -> None:
    ask(pellets, odile, (2, 0, 620))
    inside_as(household(2)).post(at(pellets, "retrait"))
    assert Pledge.objects.get().state == "pledged"


def test_in_the_last_days_a_withdrawal_is_refused_with_a_way_on(
    inside_as: Visitor, offer: Offer, odile: Person, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = offer(OIL)
    ask(purchase, odile, (2, 0, 700))
    later(monkeypatch, 11)
    client = inside_as(odile)
    assert "Oui, annuler" not in text(client, "/moi/commandes/")
    answer = client.post(at(purchase, "retrait"))
    assert answer.status_code == 422
    assert "ou appelez" in plain(answer.content)


# What became of it


def closed(act: Act, purchase: Purchase) -> None:
    later_ = replace(act, at=CLOSES)
    buying.close_purchase(act=later_, purchase=over(purchase), seen=queries.preview(purchase=purchase).digest)


def test_once_closed_each_reads_what_they_receive_and_at_which_price(
    inside_as: Visitor, visitor: Client, pellets: Purchase, odile: Person, ask: Ask, act: Act
) -> None:
    ask(pellets, odile, (4, 0, 620))
    dear = household(50)
    ask(pellets, dear, (1, 0, 540))
    for number in range(4):
        ask(pellets, household(number), (1, 0, 620))
    closed(act, pellets)
    page = text(inside_as(odile), "/moi/commandes/")
    assert "La commande part" in page
    assert "4 × Granulés de bois , sac de 15 kg 5,75 € l’unité, vous en demandiez 4" in page
    assert "À payer 23,00 €" in page
    assert "du lundi 14 décembre au vendredi 18 décembre" in page
    assert "Le prix dépasse votre maximum" in text(inside_as(dear), "/moi/commandes/")
    assert "Prix obtenu : 5,75 € par sac de 15 kg, le même pour tous." in text(visitor, at(pellets))


@pytest.mark.usefixtures("legal")
def test_a_parcel_is_ready_under_its_number_and_then_billed_as_it_was_taken(
    inside_as: Visitor, offer: Offer, odile: Person, ask: Ask, act: Act
) -> None:
    oil = offer(OIL, threshold=1)
    ask(oil, odile, (6, 0, 700))
    closed(act, oil)
    handing = replace(act, at=CLOSES + timedelta(days=9))
    buying.order_supply(act=handing, purchase=oil)
    assert "La commande part" in text(inside_as(odile), "/moi/commandes/")
    receive(handing, oil, 4)
    page = text(inside_as(odile), "/moi/commandes/")
    assert "Prête" in page
    assert "4 × Huile" in page
    assert "Dites votre nom, ou le numéro 1." in page
    (parcel,) = parcels(oil)
    taken = {line.article_id: 3 for line in parcel.lines.all()}
    buying.hand_over(act=handing, parcel=parcel, key="tick", given=taken)
    page = text(inside_as(odile), "/moi/commandes/")
    assert "Récupérée" in page
    assert "3 × Huile" in page
    assert "Facturé 21,00 €" in page


def test_of_a_purchase_called_off_nothing_is_owed(
    inside_as: Visitor, pellets: Purchase, odile: Person, ask: Ask, act: Act
) -> None:
    ask(pellets, odile, (4, 0, 620))
    campaigns.call_off(act=act, campaign=pellets.campaign, reason="Le fournisseur ferme.")
    page = text(inside_as(odile), "/moi/commandes/")
    assert "Achat annulé" in page
    assert "Le fournisseur ferme. Vous ne devez rien." in page


def test_the_way_to_ones_orders_stands_where_a_member_begins(
    inside_as: Visitor, pellets: Purchase, odile: Person, ask: Ask
) -> None:
    client = inside_as(odile)
    assert "/moi/commandes/" not in client.get("/moi/").content.decode()
    assert "Pas encore de commande" in text(client, "/moi/commandes/")
    ask(pellets, odile, (4, 0, 620))
    assert "/moi/commandes/" in client.get("/moi/").content.decode()
    assert "/moi/commandes/" in client.get("/moi/aide/").content.decode()
