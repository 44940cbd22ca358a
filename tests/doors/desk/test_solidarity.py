"""The pages of funds: who sees what, what comes back with a sentence, and nothing leaks to others."""

import pytest
from django.test import Client

from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund, Gift, Rules, Seat
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as, questions
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import legal, odile, place
from tests.solidarity.conftest import agreed, ask, committee, give, somebody, staff

__all__ = ["desk", "inside_as", "legal", "odile", "place"]

NEED = "Zibeline trop chère"


@pytest.fixture
def fund(at: Act, legal: None) -> Fund:
    made = operations.open_fund(act=at, name="Coup de pouce", purpose="Aider.", origin="public")
    committee(at)
    give(at, made, 10000, on=TODAY.date())
    return made


@pytest.fixture
def at(inside: object) -> Act:
    return staff(TODAY)


@pytest.fixture
def award(at: Act, fund: Fund, odile: Person) -> Award:
    return ask(at, odile, need=NEED)


def test_a_gift_is_noted_once_however_often_it_is_sent(desk: Desk, fund: Fund, odile: Person) -> None:
    client = desk(Role.COORDINATOR)
    typed = {"fund": str(fund.id), "kind": "suspended", "words": "1 heure", "who": "Odile Marsan", "how": "cash"}
    for _ in range(2):
        answer = client.post("/bureau/solidarite/dons/", {**typed, "amount": "24,50", "once": "a"})
        assert answer.status_code == 302
    gift = Gift.objects.get(kind="suspended")
    assert (gift.amount, gift.giver, gift.item) == (2450, odile, "1 heure")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "douze"}, "Écrivez le montant ainsi : 24,50."),
        ({"amount": ""}, "Écrivez le montant ainsi : 24,50."),
        ({"kind": "suspended"}, "Dites ce qui est offert"),
        ({"who": "Personne de ce nom"}, "une seule personne doit correspondre"),
        ({"picked": "x"}, "Choisissez la personne dans la liste."),
        ({"on": "31/12/2099"}, "Ce jour n’est pas terminé."),
        ({"fund": "x"}, "Choisissez dans la liste."),
    ],
)
def test_nonsense_of_a_gift_comes_back_with_a_sentence(
    desk: Desk, fund: Fund, typed: dict[str, str], said: str
) -> None:
    usual = {"fund": str(fund.id), "kind": "topup", "how": "cash", "amount": "20", "once": "a"}
    answer = desk(Role.TREASURER).post("/bureau/solidarite/dons/", {**usual, **typed})
    assert said in text(answer, 422)
    assert Gift.objects.count() == 1


def test_the_treasurer_pays_without_reading_why(desk: Desk, at: Act, fund: Fund, award: Award) -> None:
    operations.grant(act=at, award=agreed(at, award), fund=fund, amount=1000)
    page = text(desk(Role.TREASURER).get(f"/bureau/solidarite/demandes/{award.id}/"))
    assert NEED not in page
    assert "Noter ce versement" in page
    assert NEED in text(desk(Role.SUPPORT_WORKER).get(f"/bureau/solidarite/demandes/{award.id}/"))


@pytest.mark.parametrize("address", ["/", "/entraide/", "/bureau/", "/bureau/personnes/{}/", "/moi/"])
def test_no_other_page_tells_who_is_helped_or_why(
    desk: Desk, at: Act, fund: Fund, award: Award, odile: Person, address: str
) -> None:
    operations.grant(act=at, award=agreed(at, award), fund=fund, amount=1000)
    page = text(desk(Role.COORDINATOR).get(address.format(odile.id), follow=True))
    assert NEED not in page
    assert "10,00 €" not in page


def test_somebody_asks_at_home_reads_the_answer_and_appeals(
    inside_as: Visitor, at: Act, fund: Fund, odile: Person
) -> None:
    home: Client = inside_as(odile)
    assert home.post("/moi/coup-de-pouce/", {"purpose": "food", "need": ""}).status_code == 422
    assert home.post("/moi/coup-de-pouce/", {"purpose": "home_help", "need": NEED}).status_code == 302
    award = Award.objects.get()
    operations.refuse(act=at, award=agreed(at, award, "against"), reason="Le budget est fini")
    assert "Le budget est fini" in text(home.get("/moi/coup-de-pouce/"))
    home.post(f"/moi/coup-de-pouce/{award.id}/recours", {"words": "Janvier aussi"})
    award.refresh_from_db()
    assert award.state == "appealed"


def test_nobody_reads_or_withdraws_what_another_asked(inside_as: Visitor, award: Award) -> None:
    stranger: Client = inside_as(somebody("Autre"))
    assert NEED not in text(stranger.get("/moi/coup-de-pouce/"))
    assert stranger.post(f"/moi/coup-de-pouce/{award.id}/retrait").status_code in (403, 404)
    award.refresh_from_db()
    assert award.state == "asked"


def test_a_help_at_once_needs_its_amount(desk: Desk, fund: Fund, odile: Person) -> None:
    client = desk(Role.COORDINATOR)
    typed = {"who": "Odile Marsan", "purpose": "transport", "need": "Taxi", "do": "now", "fund": str(fund.id)}
    answer = client.post("/bureau/solidarite/demandes/", typed)
    assert "Exemple : 15,00." in text(answer, 422)
    assert client.post("/bureau/solidarite/demandes/", {**typed, "amount": "12"}).status_code == 302
    assert Award.objects.get().decided_by == "emergency"


def test_rules_and_seats_are_for_the_direction(desk: Desk, fund: Fund) -> None:
    typed = {"text": "x", "purposes": "food", "most_award": "10", "most_year": "20", "quorum": "2"}
    director = desk(Role.DIRECTOR)
    assert director.post("/bureau/solidarite/regles/", typed).status_code == 422
    assert director.post("/bureau/solidarite/regles/", {**typed, "in_force_from": "01/01/2027"}).status_code == 302
    assert Rules.objects.get(state="proposed").most_award == 1000
    seat = Seat.objects.all()[0]
    assert desk(Role.COORDINATOR).post(f"/bureau/solidarite/comite/{seat.id}/fin").status_code == 404


def test_the_list_of_funds_costs_the_same_however_many_there_are(desk: Desk, at: Act, fund: Fund, award: Award) -> None:
    client = desk(Role.DIRECTOR)
    few = questions(client, "/bureau/solidarite/")
    for number in range(5):
        operations.open_fund(act=at, name=f"Fonds {number}", purpose="x", origin="grant")
        ask(at, somebody(f"P{number}"))
    assert questions(client, "/bureau/solidarite/") == few


def test_a_restricted_fund_says_no_beside_its_field(desk: Desk, at: Act, fund: Fund, award: Award) -> None:
    bus = operations.open_fund(act=at, name="Bus", purpose="x", origin="grant", purposes=["transport"])
    agreed(at, award)
    client = desk(Role.DIRECTOR)
    answer = client.post(f"/bureau/solidarite/demandes/{award.id}/accord", {"fund": str(bus.id), "amount": "5"})
    assert "L’argent de ce fonds est réservé à autre chose." in text(answer, 422)
    assert queries.balance_of(fund=fund) == (10000, 0)


def test_who_sits_votes_at_home_once_and_reads_no_name(
    inside_as: Visitor, at: Act, award: Award, odile: Person
) -> None:
    seat = Seat.objects.get(kind="client")
    home: Client = inside_as(seat.person)
    page = text(home.get("/moi/comite/"))
    assert NEED in page
    assert "Marsan" not in page
    assert home.post(f"/moi/comite/{award.id}/vote", {"answer": "x"}).status_code == 422
    assert home.post(f"/moi/comite/{award.id}/vote", {"answer": "for"}).status_code == 302
    assert home.post(f"/moi/comite/{award.id}/vote", {"answer": "against"}).status_code == 422
    assert award.votes.get().answer == "for"
    assert inside_as(odile).get("/moi/comite/").status_code == 404


def test_nobody_is_asked_to_vote_on_their_own_request(inside_as: Visitor, at: Act, fund: Fund) -> None:
    seat = Seat.objects.get(kind="beneficiary")
    ask(at, seat.person, need=NEED)
    assert NEED not in text(inside_as(seat.person).get("/moi/comite/"))
