from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.queries.crowd import company_work
from entremise.jobs.queries.people import blocks_for
from entremise.jobs.queries.suggestions import candidates
from entremise.jobs.rules.limits import Engagement, Papers, Pass, Site, Worker
from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.jobs.rules.need import JobNeed
from entremise.kernel.act import Act, Role
from entremise.kernel.time import Window
from entremise.people import operations as people
from entremise.people.models import Person, Place
from tests.jobs.conftest import TOMORROW
from tests.jobs.test_rules_limits import LIMITS

PARIS = ZoneInfo("Europe/Paris")
GOOD = Papers(
    Pass.MISSING,
    registered_on=date(2026, 11, 2),
    insured=True,
    insured_until=date(2026, 12, 31),
    contract_possible=False,
)


@pytest.fixture
def mode() -> Mode:
    return with_pricing("quote")


def need(first: int = 9, last: int = 11) -> JobNeed:
    start, end = (datetime(2026, 11, 24, hour, tzinfo=PARIS) for hour in (first, last))
    return JobNeed(UUID(int=1), Window(start, end), "toiture")


def codes(mode: Mode, worker: Worker, wanted: JobNeed | None = None) -> list[str]:
    return [block.code for block in mode.checks.person(wanted or need(), worker, LIMITS, PARIS)]


def test_no_pass_no_rest_and_no_week_of_hours_is_asked_of_a_business(mode: Mode) -> None:
    until_late = Engagement(Window(datetime(2026, 11, 23, 8, tzinfo=PARIS), datetime(2026, 11, 24, 6, tzinfo=PARIS)))
    assert codes(mode, Worker(GOOD, (until_late,))) == []


def test_dangerous_work_and_the_territory_are_no_matter_for_the_organisation(mode: Mode) -> None:
    site = Site(territory=frozenset({"86001"}), dangerous=True)
    assert mode.checks.site(need(), site, LIMITS, PARIS, datetime(2026, 11, 20, tzinfo=PARIS)) == ()


@pytest.mark.parametrize(
    ("papers", "expected"),
    [
        (replace(GOOD, registered_on=None), ["registration_missing"]),
        (replace(GOOD, registered_on=date(2026, 5, 23)), ["registration_old"]),
        (replace(GOOD, registered_on=date(2026, 5, 24)), []),
        (replace(GOOD, insured=False), ["insurance_missing"]),
        (replace(GOOD, insured_until=date(2026, 11, 23)), ["insurance_expired"]),
        (replace(GOOD, insured_until=date(2026, 11, 24)), []),
        (replace(GOOD, insured_until=None), []),
    ],
)
def test_a_business_is_in_the_register_and_insured(mode: Mode, papers: Papers, expected: list[str]) -> None:
    assert codes(mode, Worker(papers)) == expected


def test_nobody_is_in_two_places(mode: Mode) -> None:
    busy = Engagement(need(10, 12).window)
    assert codes(mode, Worker(GOOD, (busy,))) == ["overlap"]


def test_a_request_by_quote_finds_suppliers_and_no_employees(
    act: Act, request_: Request, karim: Person, bruno: Person, hedge: Activity, mode: Mode
) -> None:
    assert [one.person for one in candidates(request=request_, at=act.at).people] == [karim]
    request_.mode = mode.code
    assert [one.person for one in candidates(request=request_, at=act.at).people] == [bruno]
    assert blocks_for(request=request_, person=bruno.id, at=act.at) == ()
    assert [block.code for block in blocks_for(request=request_, person=karim.id, at=act.at)] == ["not_a_worker"]


def test_hours_sold_to_a_company_are_no_hours_of_placement(
    act: Act, mode: Mode, place: Place, hedge: Activity, bruno: Person
) -> None:
    """Of somebody who is employed here too: what they sell does not use up what the law lets them be lent for."""
    shop = people.add_person(
        act=act, family_name="Boulangerie", kind="company", street="1, rue Haute", place=place, roles=[Role.CLIENT]
    )
    wanted = jobs.post_request(act=act, client=shop, activity=hedge, starts_at=TOMORROW, minutes=600, mode=mode.code)
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    jobs.accept_quote(act=act, quote=jobs.send_quote(act=act, proposal=proposal, whole=20000))
    assert Mission.objects.get().worker == bruno
    assert company_work([bruno.id], PARIS)[bruno.id] == []
