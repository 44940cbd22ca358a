"""An invoice that is late: a friendly reminder, a call, three dates agreed on the telephone, kept, and paid."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from entremise.jobs.models import Mission
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.messaging.models import Call, Letter
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Plan
from entremise.settlement.queries import open_invoices
from tests.doors.desk.conftest import Desk
from tests.jobs.conftest import asked, mission, request_
from tests.settlement.conftest import worked
from tests.stories.conftest import Time
from tests.stories.test_paid_without_thinking import ODILE, done

__all__ = ["asked", "mission", "request_", "worked"]


@pytest.mark.usefixtures("inside")
def test_a_late_invoice_is_paid_in_three_times(time: Time, desk: Desk, worked: Mission, odile: Person) -> None:
    def at_desk(role: Role, given: str) -> Client:
        """Signed in that day: the clock forgets sessions of weeks ago."""
        return desk(role, given=given)

    # 1 · The month is settled; the invoice is due a month later.
    time.to(datetime(2026, 12, 4, 9, tzinfo=UTC))
    done(at_desk(Role.TREASURER, "Hélène"), "/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"})
    time.rounds()
    invoice = Invoice.objects.get()
    page = f"/bureau/argent/factures/{invoice.number}"

    # 2 · A week after its day, a friendly word leaves by itself, once, and never at night.
    time.to(datetime(2027, 1, 10, 21, tzinfo=UTC))
    time.rounds()
    assert not Letter.objects.filter(template="reminder_friendly").exists()
    for hour in (9, 15):
        time.to(datetime(2027, 1, 11, hour, tzinfo=UTC))
        time.rounds()
    assert len([text for text in time.texts_to(ODILE) if "petit rappel" in text and "49,00" in text]) == 1

    # 3 · She calls: her pension comes on the 20th. What she said is noted, and stops everything.
    coordination = at_desk(Role.COORDINATOR, "Solène")
    said = {"why": "call", "what": "client", "until": "20/01/2027", "note": "Retraite le 20, voudrait payer en trois."}
    done(coordination, f"{page}/rappels/pause", said)
    assert Call.objects.get().person == odile

    # 4 · Three dates are read aloud; she says yes.
    plan = f"/bureau/personnes/{odile.id}/echeancier"
    chosen = {"invoices": invoice.number, "count": "3", "first_on": "20/01/2027"}
    assert "16,34" in coordination.get(plan, chosen).content.decode()
    done(coordination, plan, {**chosen, "once": "story"})
    time.rounds()
    assert any("en 3 fois" in text for text in time.texts_to(ODILE))

    # 5 · She is told before each date, and pays at the counter.
    for number, (day, month, amount) in enumerate([(20, 1, "16,34"), (20, 2, "16,33"), (20, 3, "16,33")]):
        for hour in (9, 10):  # Written in one round, carried in the next.
            time.to(datetime(2027, month, day - 2, hour, tzinfo=UTC))
            time.rounds()
        assert len([text for text in time.texts_to(ODILE) if "comme convenu" in text]) == number + 1
        time.to(datetime(2027, month, day, 10, tzinfo=UTC))
        done(
            at_desk(Role.COORDINATOR, f"Solène{number}"),
            f"{page}/encaissement",
            {"amount": amount, "how": "cash", "once": str(number)},
        )

    # 6 · All is paid: a thank you, and no other word was ever written of it.
    for _ in range(2):
        time.rounds()
    assert Plan.objects.get().state == "paid"
    assert any("tout est payé" in text for text in time.texts_to(ODILE))
    assert (open_invoices(), ledger.balances_by_holder(code="411000"), ledger.verify()) == ([], {}, [])
    assert Letter.objects.filter(template__startswith="reminder_").count() == 1
    assert not Letter.objects.filter(template="instalment_missed").exists()
