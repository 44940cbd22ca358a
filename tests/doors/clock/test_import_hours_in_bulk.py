"""Hours of many jobs at once: what one job leaves, each of many leaves too, in a few statements for all of them."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.agreements.models import Agreement, Confirmation, Fulfilment, Party, Promise, Signature
from entremise.history.models import Fact
from entremise.jobs.models import Mission, Request
from entremise.jobs.operations import import_hours
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.time import Period
from entremise.market.models import Listing, Proposal
from entremise.settlement.queries import claims_of
from entremise.tenancy import scope
from entremise.tenancy.models import Counter as Series
from tests.drills.scenario import House, post

Ask = Callable[[Callable[[], Any]], Any]
Bring = Callable[[int], None]
HEADERS = "Date;Salarié;Client;Activité;Heures;Validé par"
LAST_DAY = date(2026, 11, 23)
LEFT = (Listing, Request, Proposal, Agreement, Party, Promise, Signature, Mission, Fulfilment, Confirmation)
STATED = (Listing, Request, Proposal, Agreement, Mission)

# What one job that is over leaves; the last two when the client has agreed.
FACTS = {
    "listing_published": 1, "request_posted": 1, "proposal_made": 1, "proposal_accepted": 1, "listing_filled": 1,
    "request_filled": 1, "agreement_drawn_up": 1, "agreement_signed": 3, "agreement_active": 1, "mission_agreed": 1,
    "mission_ready": 1, "hours_logged": 1, "mission_worked": 1, "agreement_ended": 1, "request_done": 1,
}  # fmt: skip
CONFIRMED = {"hours_confirmed": 1, "mission_confirmed": 1}


def line(number: int) -> str:
    """One a day; the client has not agreed to every third."""
    day, agreed = LAST_DAY - timedelta(days=number), "non" if number % 3 == 2 else "oui"
    side = "AB"[number % 2]
    return f"{day:%d/%m/%Y};BELKACEM-{side} Karim;MARSAN-{side} Odile;haie;2;{agreed}"


@pytest.fixture
def bring(house: House, tmp_path: Path) -> Bring:
    """Imports the hours of the first so many lines."""

    def run(lines: int) -> None:
        file = tmp_path / "hours.csv"
        file.write_text("\n".join([HEADERS, *map(line, range(lines))]))
        call_command("import", "hours", str(file))

    return run


def left() -> tuple[dict[str, int], dict[str, Counter[str]], Counter[str]]:
    counts = {model.__name__: model._default_manager.count() for model in LEFT}
    states = {model.__name__: Counter(model._default_manager.values_list("state", flat=True)) for model in STATED}
    return counts, states, Counter(Fact.objects.values_list("type", flat=True))


def tied() -> list[dict[str, object]]:
    """Each mission by its number, with what hangs on it: row by row what an import must not mix up."""
    by_mission = {one.occasion: one for one in Fulfilment.objects.all()}
    rows = []
    for mission in Mission.objects.select_related("request__listing", "proposal", "agreement").order_by("number"):
        parties = {one.role: one.person_id for one in Party.objects.filter(agreement=mission.agreement_id)}
        hours = by_mission[mission.id]
        assert parties == {"organisation": None, "worker": mission.worker_id, "client": mission.client_id}
        assert hours.agreement_id == mission.agreement_id
        assert mission.proposal is not None
        assert mission.agreement is not None
        assert mission.proposal.listing_id == mission.agreement.listing_id == mission.request.listing_id
        assert (mission.proposal.person_id, mission.proposal.slot) == (mission.worker_id, 1)
        assert mission.request.listing.person_id == mission.request.client_id == mission.client_id
        assert hours.key == f"import:{mission.import_key}"
        rows.append({"number": mission.number, "day": hours.day, "minutes": hours.minutes, "state": mission.state})
    return rows


@pytest.mark.parametrize("at_once", [1, 4, 500])
def test_many_leave_what_each_would_leave_alone_however_many_at_once(
    house: House, bring: Bring, rows: Ask, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_hours, "AT_ONCE", at_once)
    before = rows(left)[2]
    bring(7)
    counts, states, facts = rows(left)
    assert list(counts.values()) == [7, 7, 7, 7, 21, 21, 21, 7, 7, 5]
    assert states == {
        "Listing": {"filled": 7},
        "Request": {"done": 7},
        "Proposal": {"accepted": 7},
        "Agreement": {"ended": 7},
        "Mission": {"confirmed": 5, "worked": 2},
    }
    said = {fact: 7 * times for fact, times in FACTS.items()} | {fact: 5 * times for fact, times in CONFIRMED.items()}
    assert facts - before == {**said, "hours_imported": 1}
    days = [LAST_DAY - timedelta(days=number) for number in range(7)]
    assert [one["day"] for one in rows(tied)] == days


def test_many_are_there_once_and_their_numbers_have_no_gaps(house: House, bring: Bring, rows: Ask) -> None:
    bring(3)
    bring(7)
    bring(7)
    assert rows(left)[0]["Fulfilment"] == 7
    assert [one["number"] for one in rows(tied)] == list(range(101, 108))
    numbers = rows(lambda: sorted(Agreement.objects.values_list("number", flat=True)))
    assert numbers == [f"AG-2026-{number:04}" for number in range(1, 8)]
    assert rows(lambda: dict(Series.objects.values_list("series", "last"))) == {"listing": 7, "agreement-2026": 7}


def test_open_requests_take_the_hours_that_were_for_them(house: House, bring: Bring, rows: Ask) -> None:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    asked = post(house, client=1, on=LAST_DAY - timedelta(days=1), at=at)
    bring(4)
    counts, states, facts = rows(left)
    assert (counts["Request"], counts["Mission"], states["Request"]) == (4, 4, {"done": 4})
    assert rows(lambda: Mission.objects.get(request=asked).starts_at.date()) == LAST_DAY - timedelta(days=1)
    assert all(facts[fact] == 4 * times for fact, times in FACTS.items())
    assert len(rows(tied)) == 4


def test_a_request_for_quotes_takes_no_hours_of_the_employed(house: House, bring: Bring, rows: Ask) -> None:
    asked = post(house, client=1, on=LAST_DAY - timedelta(days=1), at=datetime(2026, 11, 20, 8, tzinfo=UTC)).id
    with scope.writing(house.organisation.id):
        Request.objects.filter(id=asked).update(mode=with_pricing("quote").code)
    bring(4)
    assert rows(lambda: Request.objects.get(id=asked).state) == "open"
    assert not rows(lambda: Mission.objects.filter(request=asked).exists())


def test_what_many_leave_counts_for_the_month(house: House, bring: Bring, rows: Ask) -> None:
    bring(3)
    claims = rows(lambda: claims_of(month=Period.month(2026, 11)))
    assert sorted((claim.kind, claim.total) for claim in claims) == [
        ("invoice", 4900), ("invoice", 4900), ("payslip", 2462), ("payslip", 2462),
    ]  # fmt: skip


def test_many_lines_take_few_statements(house: House, bring: Bring, rows: Ask) -> None:
    def statements(lines: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            bring(lines)
        return len(queries)

    few = statements(5)
    many = statements(55)  # Fifty that are new.
    assert few < 150
    assert many - few <= 50
