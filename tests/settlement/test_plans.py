from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter, Task
from entremise.payments import operations as payments
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Plan
from entremise.settlement.rules.plans import PLAN, Limits, calendar, filled
from entremise.tenancy.models import LegalIdentity
from tests.payments.test_mandates import IBAN
from tests.settlement.test_reminders import clock, goes_round, invoice, on, tones
from tests.settlement.town import bill

__all__ = ["invoice"]

LIMITS = Limits(3, 90)
FIRST = date(2026, 12, 20)


@pytest.fixture
def staff(treasurer: Act) -> Act:
    return replace(treasurer, at=on(10), door=Door.PHONE)  # The 14th of December.


@pytest.fixture
def plan(staff: Act, invoice: Invoice) -> Plan:
    """49 € in three: 16.34, 16.33 and 16.33."""
    return agree(staff, invoice)


def agree(act: Act, *invoices: Invoice, count: int = 3, first_on: date = FIRST, **more: Any) -> Plan:
    said: dict[str, Any] = {"key": f"plan {Plan.objects.count()}", **more}
    client = invoices[0].client
    return operations.agree_plan(
        act=act,
        client=client,
        invoices=invoices,
        count=count,
        first_on=first_on,
        **said,
    )


def pays(act: Act, invoice: Invoice, amount: int, key: str = "some") -> None:
    operations.receive_cash(act=act, invoice=invoice, amount=amount, how="cash", on=act.at.date(), key=key)


def seen(day: int = 10) -> queries.PlanSeen:
    (found,) = queries.running_plans(on=on(day).date())
    return found


def minds(day: int) -> Plan:
    return operations.mind_plan(act=clock(day), plan=Plan.objects.select_related("client").latest("agreed_at"))


# The rules


def test_every_state_of_a_plan_is_reached() -> None:
    assert PLAN.unreachable == frozenset()


@given(st.integers(1, 10**9), st.integers(1, 36), st.dates(date(2026, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_a_calendar_sums_to_what_is_due_in_parts_that_differ_by_a_cent(
    total: int, count: int, agreed_on: date, wait: int
) -> None:
    first = agreed_on + timedelta(days=wait)
    if total < count:
        return
    dates = calendar(total, count, first, agreed_on=agreed_on, limits=Limits(36, 5000))
    assert sum(one.amount for one in dates) == total
    assert max(one.amount for one in dates) - min(one.amount for one in dates) <= 1
    assert [one.on for one in dates] == sorted({one.on for one in dates})
    assert dates[0].on == first
    assert all(28 <= (b.on - a.on).days <= 31 for a, b in pairwise(dates))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.integers(-(10**6), 10**8))
def test_what_is_paid_fills_the_first_dates_first_and_is_never_lost(amounts: list[int], paid: int) -> None:
    parts = filled(amounts, paid)
    assert sum(parts) == min(max(0, paid), sum(amounts))
    assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))
    begun = [part < amount for part, amount in zip(parts, amounts, strict=True)]
    assert all(part == 0 for part, open_before in zip(parts[1:], begun, strict=False) if open_before)


@pytest.mark.parametrize(
    ("count", "first", "code"),
    [
        (0, FIRST, "plan_too_long"),
        (4, FIRST, "plan_too_long"),
        (10**9, FIRST, "plan_too_long"),
        (3, date(2027, 2, 1), "plan_too_long"),
        (1, date.max, "plan_too_long"),
        (2, date(2026, 12, 1), "day_past"),
        (3, FIRST, "plan_too_small"),
    ],
)
def test_a_calendar_beyond_its_bounds_is_refused(count: int, first: date, code: str) -> None:
    with pytest.raises(Refused, match=code):
        calendar(2, count, first, agreed_on=date(2026, 12, 14), limits=LIMITS)


# Agreed


def test_a_plan_spreads_what_is_due_and_its_calendar_leaves_as_a_letter(plan: Plan) -> None:
    assert [one.instalment.amount for one in seen().parts] == [1634, 1633, 1633]
    assert [one.instalment.due_on.isoformat() for one in seen().parts] == ["2026-12-20", "2027-01-20", "2027-02-20"]
    letter = Letter.objects.get(template="plan_agreed")
    assert "49,00" in letter.body
    assert (plan.how, plan.state) == ("phone", "running")


def test_a_plan_may_pay_several_invoices_of_one_client_alone(
    staff: Act, invoice: Invoice, odile: Person, nadege: Person
) -> None:
    other, strangers = bill(odile, 1100), bill(nadege, 9900)
    agree(staff, other, invoice, strangers)
    assert (seen().total, seen().reference) == (6000, invoice.number)
    assert [one.invoice for one in seen().invoices] == [invoice, other]


def test_the_same_key_is_the_same_plan_and_another_runs_beside_it_never(staff: Act, invoice: Invoice) -> None:
    first = agree(staff, invoice, key="once")
    assert agree(staff, invoice, key="once") == first
    with pytest.raises(Refused, match="plan_running"):
        agree(staff, invoice, key="twice")
    assert Letter.objects.filter(template="plan_agreed").count() == 1


def test_nothing_due_is_nothing_to_spread(staff: Act, invoice: Invoice) -> None:
    pays(staff, invoice, 4900)
    with pytest.raises(Refused, match="nothing_to_spread"):
        agree(staff, invoice)


def test_a_client_agrees_alone_but_changes_nothing_alone(invoice: Invoice, odile: Person) -> None:
    client = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=on(10), door=Door.SITE)
    plan = agree(client, invoice)
    assert plan.how == "site"
    with pytest.raises(Refused, match="not_allowed"):
        agree(client, invoice, instead_of=plan.id)
    with pytest.raises(Refused, match="not_allowed"):
        operations.cancel_plan(act=client, plan=plan, reason="non")


def test_what_the_bank_collects_already_is_not_spread_and_of_what_is_spread_one_date_is_collected(
    staff: Act, treasurer: Act, invoice: Invoice, odile: Person
) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    payments.give_mandate(act=treasurer, person=odile, iban=IBAN, signed_on=date(2026, 11, 20), how="paper")
    (debit,) = operations.announce_debits(act=treasurer)
    with pytest.raises(Refused, match="debit_on_its_way"):
        agree(staff, invoice)
    operations.collect_again(act=staff, debit=operations.drop_debit(act=staff, debit=debit))
    agree(staff, invoice)
    assert [one.due for one in queries.to_announce(on=on(10).date())] == [1634]


# Paid


def test_money_fills_the_dates_in_order_wherever_it_comes_from(staff: Act, plan: Plan, invoice: Invoice) -> None:
    pays(staff, invoice, 2000)
    assert [(one.paid, one.left) for one in seen().parts] == [(1634, 0), (366, 1267), (0, 1633)]
    assert seen().left == 2900


def test_when_all_is_paid_the_plan_ends_with_a_thank_you(staff: Act, plan: Plan, invoice: Invoice) -> None:
    assert minds(11).state == "running"
    pays(staff, invoice, 4900)
    assert minds(11).state == "paid"
    assert Letter.objects.filter(template="plan_paid").count() == 1
    assert minds(12).state == "paid"


def test_nobody_is_reminded_of_what_is_paid_in_instalments(plan: Plan, invoice: Invoice) -> None:
    assert [goes_round(day) for day in (11, 30, 60)] == [[], [], []]
    assert tones() == []


# Dates


def test_each_date_is_told_of_once_some_days_before(staff: Act, plan: Plan, invoice: Invoice) -> None:
    def told() -> int:
        return Letter.objects.filter(template="instalment_coming").count()

    minds(12)
    assert told() == 0
    minds(13)
    minds(14)
    assert told() == 1
    pays(staff, invoice, 1634)
    minds(15)
    assert told() == 1
    minds(44)
    assert told() == 2


def test_a_plan_agreed_the_day_before_its_first_date_tells_it_once(staff: Act, invoice: Invoice) -> None:
    agree(staff, invoice, first_on=date(2026, 12, 15))
    minds(10)
    assert not Letter.objects.filter(template="instalment_coming").exists()


def test_a_missed_date_is_one_gentle_letter_and_one_task(staff: Act, plan: Plan, invoice: Invoice) -> None:
    minds(21)
    assert not seen(21).missed
    for day in (22, 23, 30):
        minds(day)
    assert Letter.objects.filter(template="instalment_missed").count() == 1
    task = Task.objects.get(kind="instalment_missed")
    assert (task.person, task.params) == (invoice.client, {"invoice": invoice.number, "amount": 1634})
    pays(replace(staff, at=on(31)), invoice, 1634)
    minds(31)
    assert Task.objects.get(kind="instalment_missed").done_at
    assert Plan.objects.get().state == "running"


# Changed


def test_another_calendar_takes_its_place_and_the_old_one_is_kept(staff: Act, plan: Plan, invoice: Invoice) -> None:
    pays(staff, invoice, 1634)
    new = agree(staff, invoice, count=2, first_on=date(2027, 1, 5), instead_of=plan.id)
    assert [one.instalment.amount for one in seen().parts] == [1633, 1633]
    now, before = queries.plans_of(client=invoice.client_id, on=on(10).date())
    assert (now.plan, now.plan.replaces, before.plan.state, len(before.parts)) == (new, plan, "replaced", 3)
    with pytest.raises(Refused, match="plan_running"):
        agree(staff, invoice, instead_of=plan.id)


def test_a_plan_that_is_given_up_leaves_its_invoices_due_as_before(staff: Act, plan: Plan, invoice: Invoice) -> None:
    with pytest.raises(Refused, match="reason_needed"):
        operations.cancel_plan(act=staff, plan=plan, reason=" ")
    operations.cancel_plan(act=staff, plan=plan, reason="paie tout samedi")
    with pytest.raises(Refused, match="not_now"):
        operations.cancel_plan(act=staff, plan=plan, reason="paie tout samedi")
    goes_round(11)
    assert tones() == ["friendly"]
