"""From a gift at the counter to the year's statement, through the doors: a telephone call for help, a committee that
votes, an invoice paid in part, the card that everybody may read, and what the books carry into the next year.
"""

from datetime import UTC, datetime

import pytest
from django.test import Client

from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement.queries import dues
from entremise.solidarity.models import Award, Fund, FundYear, Seat
from tests.doors.conftest import Visitor, inside_as
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.solidarity.conftest import books, owe, somebody, staff
from tests.stories.conftest import Time

__all__ = ["inside_as"]

ODILE = "+33639981427"
FUNDS, HELPS = "/bureau/solidarite/fonds/", "/bureau/solidarite/demandes/"
RULES, SEATS = "/bureau/solidarite/regles/", "/bureau/solidarite/comite/"


def vote_at(director: Client, address: str, *answers: str) -> None:
    seats = Seat.objects.order_by("id")
    said = {f"seat-{seat.id}": answer for seat, answer in zip(seats, answers, strict=True)}
    assert director.post(f"{address}votes", said).status_code == 302


@pytest.mark.usefixtures("inside", "legal")
def test_a_helping_hand_from_the_gift_to_the_year(time: Time, desk: Desk, inside_as: Visitor, odile: Person) -> None:
    coordination: Client = desk(Role.COORDINATOR)
    direction: Client = desk(Role.DIRECTOR, given="Hélène", family="Garrigue")
    visitor = Client(headers={"host": "pas-de-porte.localhost"})
    time.rounds()

    # A fund, a committee, and rules that it votes.
    direction.post(FUNDS, {"name": "Coup de pouce", "purpose": "Aider à payer une heure.", "origin": "public"})
    fund = Fund.objects.get()
    for kind, name in (("beneficiary", "Aline"), ("client", "Bernard"), ("worker", "Chloé")):
        person = somebody(name)
        direction.post(SEATS, {"who": name, "picked": str(person.id), "kind": kind, "since": "01/01/2026"})
    terms = {"text": "On croit la personne.", "purposes": ["home_help"], "most_award": "50", "most_year": "100"}
    emergency = {"emergency_up_to": "20", "emergencies": "1", "quorum": "2", "in_force_from": "01/01/2026"}
    direction.post(RULES, {**terms, **emergency})
    vote_at(direction, f"{RULES}1/", "for", "for", "abstain")
    direction.post(f"{RULES}1/decision")
    assert "En vigueur" in text(coordination.get(RULES))

    # Somebody gives at the counter, and is thanked.
    giver = somebody("Generosa")
    gift = {"fund": str(fund.id), "kind": "topup", "how": "cash", "amount": "150", "once": "a"}
    coordination.post("/bureau/solidarite/dons/", {**gift, "who": "Generosa", "picked": str(giver.id)})

    # Odile telephones; the committee says yes; half of her invoice is paid, the rest of the help is kept for her.
    asked = {"who": "Odile Marsan", "purpose": "home_help", "need": "Deux heures, le bras cassé", "do": "ask"}
    coordination.post(HELPS, asked)
    award = Award.objects.get()
    page = f"{HELPS}{award.id}/"
    vote_at(direction, page, "for", "against", "for")
    assert direction.post(f"{page}accord", {"fund": str(fund.id), "amount": "40", "by": "vote"}).status_code == 302
    time.rounds()
    assert "a une réponse" in time.texts_to(ODILE)[-1]
    assert "40,00 €" in text(inside_as(odile).get("/moi/coup-de-pouce/"))
    invoice = owe(staff(time.now), odile, 4900)
    paid = {"what": invoice.number, "amount": "24,50", "once": "b"}
    for _ in range(2):  # Pressed twice.
        assert direction.post(f"{page}versement", paid).status_code in (302, 422)
    assert dues(invoices=[invoice])[invoice.id] == 2450
    assert "15,50 €" in text(direction.get(page))
    assert direction.post(f"{page}versement", {**paid, "once": "c"}).status_code == 422
    assert direction.post(f"{page}liberation").status_code == 302

    # Four more at once, in coins; the fifth euro too much is refused.
    for number in range(4):
        person = somebody(f"Voisin{number}")
        now = {**asked, "who": person.full_name, "picked": str(person.id), "do": "now", "fund": str(fund.id)}
        assert coordination.post(HELPS, {**now, "amount": "20"}).status_code == 302
        one = Award.objects.get(person=person)
        direction.post(f"{HELPS}{one.id}/versement", {"what": "cash", "amount": "20", "once": f"d{number}"})
    assert coordination.post(HELPS, {**now, "need": "Encore", "amount": "20"}).status_code == 422

    # Nobody reads a month before it is over, nor one that tells of a few; then five people, and nobody's name.
    card = text(visitor.get("/entraide/"))
    assert "104,50" not in card
    time.to(datetime(2027, 1, 5, 9, tzinfo=UTC))
    assert "104,50 €" not in text(visitor.get("/entraide/"))  # One person alone gave: it waits.
    for number in range(4):
        helper = {"who": f"Don{number}", "picked": str(somebody(f"Don{number}").id), "on": "30/12/2026"}
        coordination.post("/bureau/solidarite/dons/", {**gift, **helper, "amount": "1", "once": f"e{number}"})
    card = text(visitor.get("/entraide/"))
    assert "104,50 €" in card
    assert "Marsan" not in card

    # The year: its statement, its entries, and what is carried.
    assert direction.post("/bureau/solidarite/annee/", {"year": "2026"}).status_code == 302
    row = FundYear.objects.get()
    assert (row.received, row.used, row.carried) == (15400, 10450, 4950)
    assert (books("196000"), books("657100"), books("754000"), books("689600")) == (-4950, 10450, -15400, 4950)
    assert "FD-2027-0001" in text(direction.get("/bureau/solidarite/annee/?annee=2026"))
    assert ledger.verify() == []
