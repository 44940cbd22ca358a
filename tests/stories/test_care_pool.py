"""Three older people have their hours of help together, through the doors: what each pays of a shared hour, one alone,
a month that everybody can read, what the one who leaves takes along, and books that sum to nothing.
"""

import re
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from entremise.documents.models import Document
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.pools import queries
from entremise.pools.models import Budget, Pool, Session
from entremise.pools.rules.books_fr import BUDGETS
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.rules.books_fr import COMMISSIONS, THIRD
from tests.doors.conftest import Visitor, inside_as
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.pools.conftest import books, somebody, staff
from tests.stories.conftest import Time

__all__ = ["inside_as"]

POOLS = "/bureau/aide-partagee/"
RATE = {
    "hourly": "21",
    "fee_how": "hourly",
    "fee_value": "1,50",
    "alone": "29",
    "source": "tarif du département",
    "starts_on": "01/11/2026",
    "ends_on": "31/12/2027",
}
APA = {"kind": "apa", "amount": "600", "first": "01/11/2026", "last": "31/10/2027", "outcomes": ["meals", "outings"]}


def words(answer: HttpResponse, status: int = 200) -> str:
    """What is read on a page, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", text(answer, status)).split())


def join(desk: Client, pool: Pool, person: Person, **more: object) -> Budget:
    """A member, with 100 € on their budget."""
    who = {"who": person.full_name, "picked": str(person.id)}
    assert desk.post(f"{POOLS}{pool.id}/budgets/", {**APA, **who, **more}).status_code == 302
    budget = Budget.objects.get(person=person)
    for _ in range(2):  # Pressed twice.
        paid = {"how": "cheque", "amount": "100", "on": "20/11/2026", "once": str(person.id)}
        assert desk.post(f"{POOLS}budgets/{budget.id}/versements", paid).status_code == 302
    return budget


def plan(desk: Client, pool: Pool, day: str, *budgets: Budget, outcome: str = "meals") -> Session:
    who = [str(one.id) for one in budgets]
    said = {"day": day, "start": "10:00", "minutes": "2 h", "outcome": outcome, "budgets": who}
    assert desk.post(f"{POOLS}{pool.id}/seances/", said).status_code == 302
    return Session.objects.get(day=datetime.strptime(day, "%d/%m/%Y").date())


def write_down(desk: Client, session: Session, minutes: str, had: dict[Budget, str]) -> int:
    rows = {one.budget_id: one.id for one in queries.commitments_of(session=session.id)}
    said = {f"had-{rows[budget.id]}": typed for budget, typed in had.items()}
    return desk.post(f"{POOLS}seances/{session.id}/", {"minutes": minutes, **said}).status_code


@pytest.mark.usefixtures("inside", "legal")
def test_three_people_share_their_hours_and_one_leaves(time: Time, desk: Desk, inside_as: Visitor) -> None:
    support: Client = desk(Role.SUPPORT_WORKER, given="Hélène", family="Garrigue")
    aline, bernard, chloe = (somebody(name) for name in ("Aline", "Bernard", "Chloé"))
    helper = somebody("Aidante")
    county = people.add_person(act=staff(time.now), family_name="Département", kind="local_authority", phones=[])

    # A price that is no dearer than alone, and three budgets: one is funded by the département.
    new = {**RATE, "name": "Les Tilleuls", "who": "Aidante", "picked": str(helper.id)}
    dear = support.post(f"{POOLS}nouveau/", {**new, "alone": "22"})
    assert "plus que 22,00 € seule" in words(dear, 422)
    assert support.post(f"{POOLS}nouveau/", new).status_code == 302
    pool = Pool.objects.get()
    a = join(support, pool, aline, funder_name="Département")
    b, c = (join(support, pool, one, kind="own") for one in (bernard, chloe))

    # Two hours for the three of them, two hours of which Chloé had one, and one hour that was Aline's alone.
    all_three = plan(support, pool, "21/11/2026", a, b, c)
    two = plan(support, pool, "22/11/2026", b, c, outcome="outings")
    alone = plan(support, pool, "23/11/2026", a)
    later = plan(support, pool, "30/11/2026", b, c)
    time.to(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert write_down(support, all_three, "2 h", {a: "2 h", b: "2 h", c: "2 h"}) == 302
    assert write_down(support, two, "2 h", {b: "2 h", c: "1 h"}) == 302
    assert write_down(support, alone, "1 h", {a: "1 h"}) == 302
    left = {one: queries.balance_of(budget=one.id) for one in (a, b, c)}
    assert left == {a: 10_000 - 1500 - 2250, b: 10_000 - 1500 - 3000, c: 10_000 - 1500 - 1500}

    # More than there is: it is said by name, and nothing is booked.
    too_long = plan(support, pool, "24/11/2026", a)
    time.to(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    answer = support.post(
        f"{POOLS}seances/{too_long.id}/",
        {"minutes": "5 h", f"had-{queries.commitments_of(session=too_long.id)[0].id}": "5 h"},
    )
    assert "Aline a 62,50 €, sa part est de 112,50 €" in words(answer, 422)
    support.post(f"{POOLS}seances/{too_long.id}/annulation")

    # Everybody reads their month, the saving, and what we received; the desk sees it together.
    page = words(inside_as(bernard).get("/moi/aide-partagee/"))
    for said in (
        "Il vous reste 55,00 €",
        "Utilisé pour 4 h d’aide 45,00 €",
        "Économisé ce mois grâce au groupe : 71,00 €",
    ):
        assert said in page, page
    assert "Aline" not in page
    assert "Chloé" not in page
    seen = words(support.get(f"{POOLS}{pool.id}/"))
    assert "7,50 €" in seen  # Ours: five hours at 1.50 €.
    told = words(support.get(f"{POOLS}financeurs/{county.id}/?mois=2026-11"))
    assert "Aline" in told
    assert "repas, 3 h" in told
    assert "Bernard" not in told

    # Bernard leaves by himself: what is to come is void, what was is kept, what is left is his.
    site = inside_as(bernard)
    before = words(site.get(f"/moi/aide-partagee/{b.id}/depart"))
    assert "1 venue prévue n’aura pas lieu" in before
    assert "55,00 € reviennent à Bernard" in before
    assert site.post(f"/moi/aide-partagee/{b.id}/depart", {"seen": "1"}).status_code == 422
    assert site.post(f"/moi/aide-partagee/{b.id}/depart", {"seen": "5500"}).status_code == 302
    assert free_on_account(person=bernard.id) == 5500
    assert queries.balance_of(budget=b.id) == 0
    assert [one.budget for one in queries.commitments_of(session=later.id)] == [c]
    assert "Rendu le 24/11 à Bernard" in words(site.get("/moi/aide-partagee/?mois=2026-11"))
    assert inside_as(chloe).get(f"/moi/aide-partagee/{b.id}/depart").status_code == 404

    # In December each member is sent the month on paper; who plans jobs cannot open it, the person can.
    time.to(datetime(2026, 12, 2, 8, 0, tzinfo=UTC))
    for _ in range(2):  # Pressed twice.
        assert support.post(f"{POOLS}{pool.id}/releves").status_code == 302
    papers = list(Document.objects.filter(kind="care_statement"))
    assert {one.person_id for one in papers} == {aline.id, bernard.id, chloe.id}
    address = f"/bureau/documents/{papers[0].id}.pdf"
    assert desk(Role.COORDINATOR).get(address).status_code == 404
    assert desk(Role.TREASURER, Role.COORDINATOR).get(address).status_code == 404
    assert support.get(address).status_code == 200

    # The books: nothing of the budgets is our income but the fee, and all of it sums to nothing.
    assert books(BUDGETS[0]) == -sum(queries.balance_of(budget=one.id) for one in (a, b, c)) == -(6250 + 7000)
    assert (books(THIRD[0]), books(COMMISSIONS[0])) == (-5 * 2100, -5 * 150)
    lines = ledger.trial_balance(up_to=datetime(2027, 12, 31, tzinfo=UTC).date())
    assert sum(line.balance for line in lines) == 0
    assert ledger.verify() == []


@pytest.mark.usefixtures("inside", "legal")
def test_whoever_plans_jobs_sees_nothing_of_it_and_the_treasurer_no_care(time: Time, desk: Desk) -> None:
    support = desk(Role.SUPPORT_WORKER)
    support.post(
        f"{POOLS}nouveau/", {**RATE, "name": "Les Tilleuls", "who": "A", "picked": str(somebody("Aidante").id)}
    )
    pool = Pool.objects.get()
    budget = join(support, pool, somebody("Aline"), kind="own")
    session = plan(support, pool, "21/11/2026", budget)
    write_down(support, session, "2 h", {budget: "2 h"})
    pages = [POOLS, f"{POOLS}{pool.id}/", f"{POOLS}budgets/{budget.id}/"]
    assert "repas" in words(support.get(pages[-1]))
    coordinator, treasurer = desk(Role.COORDINATOR), desk(Role.TREASURER)
    assert [coordinator.get(one).status_code for one in pages] == [404] * 3
    assert "Aide partagée" not in words(coordinator.get("/bureau/solidarite/"))
    assert [treasurer.get(one).status_code for one in pages] == [200] * 3
    assert not any("repas" in words(treasurer.get(one)) for one in pages)
    assert "55,00 €" in words(treasurer.get(pages[-1]))
    assert treasurer.get(f"{POOLS}seances/{session.id}/").status_code == 404
