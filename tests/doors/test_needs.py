"""Needs through the doors: said, gathered, answered, voted on, chosen; each refusal in its place."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from entremise.buying import operations, queries
from entremise.buying.models import Ballot, Brief, Need, Tender
from entremise.buying.operations.needing import Words
from entremise.kernel.act import Act, Role
from entremise.people.models import Membership, Person
from entremise.tenancy.models import Organisation
from tests.buying.conftest import household
from tests.buying.test_needs import DRAFT, OFFERED, firm
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import coordination, desk, monday
from tests.doors.desk.pages import text
from tests.doors.test_desk_together import TYPED

__all__ = ["coordination", "desk", "monday"]

pytestmark = pytest.mark.usefixtures("inside")

BRIEF = {
    "title": "Granulés pour l’hiver",
    "about": "Des granulés en sacs.",
    "unit": "sac de 15 kg",
    "counts": "La distance.",
    "answers_until": "04/12/2026",
    "votes_until": "11/12/2026",
    "method": "approval",
    "quorum": "1",
}
PRICE = {
    "from_1": "1",
    "price_1": "6,20",
    "from_2": "10",
    "price_2": "5,60",
    "size": "6",
    "minimum": "60",
    "vat_rate": "10",
    "delivery": "",
    "lead_days": "9",
    "valid_until": "31/01/2027",
    "distance": "14",
    "employment": "huit personnes",
}

Voting = Callable[..., Brief]


@pytest.fixture
def member(organisation: Organisation) -> Person:
    person = household(1)
    Membership.objects.create(person=person, role=Role.CLIENT.value, since=date(2026, 1, 1))
    return person


@pytest.fixture
def sawmill(organisation: Organisation) -> Person:
    person = firm("Scierie du Lac")
    Membership.objects.create(person=person, role=Role.SUPPLIER.value, since=date(2026, 1, 1))
    return person


@pytest.fixture
def voting(act: Act, member: Person, sawmill: Person) -> Voting:
    def put(method: str = "approval", answers: int = 1) -> Brief:
        need = operations.say_need(act=act, person=member, words=Words("granulés"))
        draft = operations.BriefDraft(**{**vars(DRAFT), "method": method})
        brief = operations.ask_suppliers(act=act, brief=operations.write_brief(act=act, draft=draft, needs=[need]))
        operations.tender(act=act, brief=brief, supplier=sawmill, offered=OFFERED)
        for number in range(1, answers):
            operations.tender(act=act, brief=brief, supplier=firm(f"Scierie {number}"), offered=OFFERED)
        return operations.put_to_vote(act=act, brief=brief)

    return put


def test_a_need_told_by_telephone_becomes_a_brief_that_is_answered_voted_on_and_chosen(
    coordination: Client, inside_as: Visitor, member: Person, sawmill: Person
) -> None:
    told = {
        "who": member.full_name,
        "picked": str(member.id),
        "what": "Granulés de bois",
        "quantity": "20",
        "unit": "sacs",
    }
    coordination.post(reverse("desk:needs"), told)
    need = Need.objects.get()
    page = text(coordination.get(reverse("desk:needs")))
    assert "Granulés de bois" in page
    assert "20 sacs" in page
    assert "Granulés de bois (" in text(coordination.get(f"{reverse('desk:new_brief')}?besoin={need.id}"))
    coordination.post(reverse("desk:new_brief"), {**BRIEF, "besoin": str(need.id)})
    brief = Brief.objects.get()
    public = reverse("site:brief", args=[brief.number])
    assert coordination.get(public).status_code == 404
    coordination.post(reverse("desk:ask_suppliers", args=[brief.number]))
    supplier = inside_as(sawmill)
    assert "Granulés pour l’hiver" in text(supplier.get(reverse("site:tenders")))
    supplier.post(reverse("site:tender", args=[brief.number]), PRICE)
    assert "6,20 €" in text(Client(headers={"host": "pas-de-porte.localhost"}).get(public))
    coordination.post(reverse("desk:open_ballot", args=[brief.number]))
    home = inside_as(member)
    assert "Voter" in text(home.get(reverse("site:needs")))
    tender = Tender.objects.get()
    home.post(reverse("site:cast_ballot", args=[brief.number]), {"choices": [str(tender.id)]})
    assert "Le vote préfère Scierie du Lac" in text(coordination.get(reverse("desk:brief", args=[brief.number])))
    coordination.post(reverse("desk:choose_tender", args=[brief.number]), {"tender": str(tender.id), "reason": ""})
    page = text(home.get(public))
    assert "Le choix : Scierie du Lac" in page
    assert "Ont voté : 1 sur 1" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Donnez un titre"),
        ({"about": ""}, "Écrivez ce que les fournisseurs doivent savoir"),
        ({"unit": ""}, "Écrivez l’unité"),
        ({"answers_until": "hier"}, "Écrivez la date ainsi"),
        ({"answers_until": "01/11/2026"}, "Ce jour est passé"),
        ({"votes_until": "01/12/2026"}, "Le vote finit après la réception des offres"),
        ({"quorum": "beaucoup"}, "Écrivez un nombre entier"),
        ({"method": "dés"}, "Choisissez dans la liste"),
    ],
)
def test_a_wrong_brief_says_what_to_do_and_loses_nothing(
    coordination: Client, wrong: dict[str, str], sentence: str
) -> None:
    page = text(coordination.post(reverse("desk:new_brief"), {**BRIEF, **wrong}), 422)
    assert sentence in page
    assert Brief.objects.count() == 0
    kept = coordination.post(reverse("desk:new_brief"), {**BRIEF, **wrong}).content.decode()
    assert "La distance." in kept


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price_1": "cher"}, "Écrivez le montant ainsi"),
        ({"price_2": ""}, "Écrivez le prix à partir de ce nombre"),
        ({"from_2": ""}, "À partir de combien de cartons"),
        ({"price_2": "6,90"}, "chaque palier demande plus que le précédent"),
        ({"vat_rate": "dix"}, "Écrivez le taux ainsi"),
        ({"valid_until": "05/12/2026"}, "L’offre doit tenir jusqu’à la fin du vote"),
        ({"size": "0"}, "Écrivez un nombre entier"),
    ],
)
def test_a_wrong_answer_says_what_to_do_and_loses_nothing(
    act: Act, inside_as: Visitor, sawmill: Person, wrong: dict[str, str], sentence: str
) -> None:
    brief = operations.ask_suppliers(act=act, brief=operations.write_brief(act=act, draft=DRAFT))
    answer = inside_as(sawmill).post(reverse("site:tender", args=[brief.number]), {**PRICE, **wrong})
    assert sentence in text(answer, 422)
    assert "huit personnes" in answer.content.decode()
    assert Tender.objects.count() == 0


def test_whoever_did_not_say_the_need_sees_no_ballot_and_cannot_vote(inside_as: Visitor, voting: Voting) -> None:
    brief = voting()
    stranger = inside_as(household(9))
    assert "À vous de choisir" not in text(stranger.get(reverse("site:brief", args=[brief.number])))
    choices = {"choices": [str(Tender.objects.get().id)]}
    answer = stranger.post(reverse("site:cast_ballot", args=[brief.number]), choices)
    assert "Votent les personnes qui ont dit ce besoin" in text(answer, 422)
    assert Ballot.objects.count() == 0


def test_two_answers_on_one_place_of_a_ranking_are_refused_beside_it(
    inside_as: Visitor, voting: Voting, member: Person
) -> None:
    brief = voting("ranking", 2)
    first, second = queries.tenders_of(brief=brief.id)
    address, home = reverse("site:cast_ballot", args=[brief.number]), inside_as(member)
    level = {f"place_{first.id.hex}": "1", f"place_{second.id.hex}": "1"}
    assert "Deux offres ont la même place" in text(home.post(address, level), 422)
    home.post(address, {f"place_{first.id.hex}": "2", f"place_{second.id.hex}": "1"})
    assert Ballot.objects.get().choices == [str(second.id), str(first.id)]


def test_votes_are_not_told_while_others_still_vote(
    inside_as: Visitor, voting: Voting, act: Act, member: Person
) -> None:
    brief = voting()
    operations.cast_ballot(act=act, brief=brief, person=member, choices=[Tender.objects.get().id])
    assert "Voix" not in text(inside_as(member).get(reverse("site:brief", args=[brief.number])))


def test_a_vote_by_telephone_is_theirs(coordination: Client, voting: Voting, member: Person) -> None:
    brief = voting()
    address = reverse("desk:ballot", args=[brief.number, member.id])
    assert member.full_name in text(coordination.get(address))
    coordination.post(address, {"choices": [str(Tender.objects.get().id)]})
    assert Ballot.objects.get().person == member
    assert coordination.get(reverse("desk:ballot", args=[brief.number, household(8).id])).status_code == 404


def test_giving_up_says_why_to_everybody_it_concerns(coordination: Client, voting: Voting) -> None:
    brief = voting()
    address = reverse("desk:give_up_brief", args=[brief.number])
    assert "Écrivez pourquoi" in text(coordination.post(address, {"reason": ""}), 422)
    coordination.post(address, {"reason": "Trop cher."})
    assert Need.objects.get().state == "said"


def test_a_need_is_withdrawn_by_whoever_said_it_only(inside_as: Visitor, member: Person, act: Act) -> None:
    need = operations.say_need(act=act, person=member, words=Words("huile"))
    inside_as(household(7)).post(reverse("site:withdraw_need", args=[need.id]))
    assert Need.objects.get().state == "said"
    inside_as(member).post(reverse("site:withdraw_need", args=[need.id]))
    assert Need.objects.get().state == "withdrawn"


def test_pages_ask_as_often_for_many_as_for_few(
    coordination: Client, inside_as: Visitor, voting: Voting, act: Act, member: Person
) -> None:
    brief = voting()
    desk_page, public = reverse("desk:brief", args=[brief.number]), reverse("site:brief", args=[brief.number])
    home = inside_as(member)
    few = [questions(coordination, one) for one in (reverse("desk:needs"), desk_page)] + [questions(home, public)]
    for number in range(20, 26):
        operations.say_need(act=act, person=household(number), words=Words("huile d’olive"))
        need = operations.say_need(act=act, person=household(number + 10), words=Words("granulés"))
        operations.gather(act=act, brief=brief, needs=[need])
    many = [questions(coordination, one) for one in (reverse("desk:needs"), desk_page)] + [questions(home, public)]
    assert many == few


def test_the_chosen_answer_fills_the_form_of_the_purchase_and_its_needs_are_met(
    coordination: Client, voting: Voting, act: Act, member: Person, inside_as: Visitor
) -> None:
    brief = voting()
    tender = Tender.objects.get()
    operations.cast_ballot(act=act, brief=brief, person=member, choices=[tender.id])
    operations.choose(act=act, brief=brief, tender=tender)
    address = reverse("desk:new_together")
    page = coordination.get(f"{address}?besoin={brief.number}").content.decode()
    for said in ("Scierie du Lac", 'value="5,60"', 'value="sac de 15 kg"'):
        assert said in page, said
    filled = {**TYPED, "besoin": str(brief.number), "rate_1": "0"}
    refused = text(coordination.post(address, {**filled, "who": "", "picked": ""}), 422)
    assert "L’offre choisie est celle de Scierie du Lac" in refused
    chosen = {"who": tender.supplier.full_name, "picked": str(tender.supplier_id)}
    coordination.post(address, {**filled, **chosen})
    assert Need.objects.get().state == "met"
    assert "Voir l’achat" in text(inside_as(member).get(reverse("site:needs")))
    assert "Voir l’achat" in text(coordination.get(reverse("desk:brief", args=[brief.number])))
