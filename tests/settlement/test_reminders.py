from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.figures.operations import override
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Call, Letter, Task
from entremise.messaging.operations import carried
from entremise.payments import operations as payments
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Debit, Invoice, Pause
from entremise.settlement.rules.reminders import PAUSE, TONES, Pace, Sent, Step, next_step
from entremise.tenancy.models import LegalIdentity
from tests.payments.test_mandates import IBAN
from tests.settlement.town import bill

DUE = date(2026, 12, 4)
PACE = Pace(days={"friendly": 7, "plain": 21, "firm": 45}, apart=7, minimum=500, individuals=True, bodies=True)


@pytest.fixture
def invoice(treasurer: Act, legal: None, odile: Person) -> Invoice:
    """49 € that Odile should have paid by the 4th of December."""
    return bill(odile, 4900)


def on(day: int) -> datetime:
    """So many days after the invoice was due, in the morning."""
    return datetime(2026, 12, 4, 9, 0, tzinfo=UTC) + timedelta(days=day)


def clock(day: int) -> Act:
    return Act(by=THE_CLOCK, at=on(day), door=Door.CLOCK)


def goes_round(day: int) -> list[Letter | Task | None]:
    """What the clock does that day."""
    due = queries.to_remind(on=on(day).date())
    return [operations.remind(act=clock(day), invoice=one.invoice) for one in due]


def tones() -> list[str]:
    letters = Letter.objects.filter(template__startswith="reminder_").exclude(state="cancelled").order_by("queued_at")
    return [one.template.removeprefix("reminder_") for one in letters]


def row(day: int) -> queries.Late:
    (found,) = queries.late(on=on(day).date())
    return found


# The rule


def test_every_state_of_a_pause_is_reached() -> None:
    assert PAUSE.unreachable == frozenset()


days = st.integers(0, 120)


@given(st.lists(days, max_size=4), st.none() | days, st.none() | days)
def test_tones_follow_in_order_and_never_closer_than_planned(
    gaps: list[int], heard: int | None, quiet: int | None
) -> None:
    sent: list[Sent] = []
    for gap in gaps:
        step = next_step(
            DUE,
            sent,
            PACE,
            heard=DUE + timedelta(days=heard) if heard is not None else None,
            quiet_to=DUE + timedelta(days=quiet) if quiet is not None else None,
        )
        if step is None:
            break
        assert step.tone == TONES[len(sent)]
        assert step.on >= DUE + timedelta(days=PACE.days[step.tone])
        assert quiet is None or step.on > DUE + timedelta(days=quiet)
        assert heard is None or step.on >= DUE + timedelta(days=heard + PACE.apart)
        if sent:
            between = PACE.days[step.tone] - PACE.days[sent[-1].tone]
            assert step.on >= sent[-1].on + timedelta(days=between)
        sent.append(Sent(step.tone, step.on + timedelta(days=gap)))
    assert len(sent) == min(len(gaps), len(TONES))


# What the clock does


def test_two_reminders_leave_by_themselves_and_the_third_asks_a_person(invoice: Invoice) -> None:
    assert goes_round(6) == []
    goes_round(7)
    assert tones() == ["friendly"]
    goes_round(20)
    assert tones() == ["friendly"]
    goes_round(21)
    goes_round(44)
    assert tones() == ["friendly", "plain"]
    goes_round(45)
    assert tones() == ["friendly", "plain"]
    task = Task.objects.get(kind="firm_reminder")
    assert (task.person, task.params["invoice"]) == (invoice.client, invoice.number)
    assert goes_round(90) == []


def test_a_reminder_says_what_is_left_how_to_pay_and_that_one_may_call(invoice: Invoice, treasurer: Act) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=900, how="cash", on=treasurer.at.date(), key="some")
    goes_round(7)
    letter = Letter.objects.get(template="reminder_friendly")
    assert "40,00" in letter.body
    preview = queries.preview_reminder(one=row(21), cards=True)
    assert preview
    assert "40,00" in preview.body


def test_the_longer_letter_names_every_way_to_pay(invoice: Invoice, odile: Person) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    odile.contacts.update(texts=False)
    preview = queries.preview_reminder(one=row(7), cards=True)
    assert preview
    words = (
        "espèces",
        "chèque",
        "FR7630006000011234567890189",
        invoice.number,
        "carte",
        "prélèvement",
        "plusieurs fois",
    )
    assert [word for word in words if word not in preview.body] == []


def test_the_same_day_twice_reminds_once(invoice: Invoice) -> None:
    goes_round(7)
    assert goes_round(7) == []
    assert operations.remind(act=clock(7), invoice=invoice) is None


def test_nobody_is_reminded_of_two_invoices_in_one_week(invoice: Invoice, odile: Person) -> None:
    bill(odile, 3000)
    goes_round(7)
    assert tones() == ["friendly"]
    assert goes_round(13) == []
    goes_round(14)
    assert tones() == ["friendly", "friendly"]


def test_a_firm_reminder_that_was_asked_for_is_not_once_the_invoice_is_paid(invoice: Invoice, treasurer: Act) -> None:
    for day in (8, 22, 46):
        goes_round(day)
    assert operations.drop_reminders(act=clock(47)) == 0
    operations.receive_cash(
        act=treasurer, invoice=invoice, amount=invoice.total, how="cash", on=treasurer.at.date(), key="x"
    )
    assert operations.drop_reminders(act=clock(47)) == 1
    assert Task.objects.get(kind="firm_reminder").done_at


def test_what_was_paid_or_is_too_little_is_left_alone(invoice: Invoice, treasurer: Act) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4500, how="cash", on=treasurer.at.date(), key="most")
    assert (row(7).held, goes_round(7)) == ("small", [])


def test_an_organisation_may_keep_its_reminders_in_its_own_hands(invoice: Invoice, treasurer: Act) -> None:
    override(
        act=treasurer,
        key="reminder.to_individuals",
        value=Decimal(0),
        unit="yes",
        valid_from=date(2026, 12, 1),
        source="conseil d’administration",
    )
    assert (row(7).held, goes_round(7)) == ("by_hand", [])
    assert operations.send_reminder(act=replace(treasurer, at=on(7)), invoice=invoice, tone="friendly")


def test_whoever_lets_us_collect_is_not_asked_to_pay(invoice: Invoice, treasurer: Act, odile: Person) -> None:
    signed = date(2026, 11, 20)
    payments.give_mandate(act=treasurer, person=odile, iban=IBAN, signed_on=signed, how="paper")
    assert (row(7).held, goes_round(7)) == ("mandate", [])


def test_nothing_leaves_while_the_bank_collects(invoice: Invoice, treasurer: Act, odile: Person) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    mandate = payments.give_mandate(act=treasurer, person=odile, iban=IBAN, signed_on=date(2026, 11, 20), how="paper")
    operations.announce_debits(act=treasurer)
    payments.revoke_mandate(act=treasurer, mandate=mandate)
    Debit.objects.update(state="ordered")
    assert row(30).held == "debit"
    with pytest.raises(Refused, match="reminder_held"):
        operations.send_reminder(act=replace(treasurer, at=on(30)), invoice=invoice, tone="friendly")


def test_nothing_leaves_while_a_card_is_at_work(invoice: Invoice, odile: Person) -> None:
    client = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=on(7), door=Door.SITE)
    operations.pay_online(act=client, invoice=invoice, provider="stripe", back="http://localhost/")
    assert (row(7).held, goes_round(7)) == ("card", [])


# A person's hand


def test_the_third_leaves_once_a_person_has_read_it(invoice: Invoice, treasurer: Act) -> None:
    for day in (7, 21, 45):
        goes_round(day)
    operations.send_reminder(act=replace(treasurer, at=on(46)), invoice=invoice, tone="firm")
    assert tones() == ["friendly", "plain", "firm"]
    assert Task.objects.get(kind="firm_reminder").done_at
    assert row(60).step is None


def test_the_clock_never_sends_by_itself_what_a_person_should_read(invoice: Invoice) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.send_reminder(act=clock(50), invoice=invoice, tone="firm")


def test_sent_twice_is_sent_once(invoice: Invoice, treasurer: Act) -> None:
    act = replace(treasurer, at=on(3))
    first = operations.send_reminder(act=act, invoice=invoice, tone="friendly")
    assert operations.send_reminder(act=act, invoice=invoice, tone="friendly") == first
    goes_round(7)
    assert tones() == ["friendly"]


def test_a_tone_cannot_be_skipped_nor_sent_before_the_day(invoice: Invoice, treasurer: Act) -> None:
    with pytest.raises(Refused, match="not_now"):
        operations.send_reminder(act=replace(treasurer, at=on(3)), invoice=invoice, tone="firm")
    with pytest.raises(Refused, match="reminder_too_early"):
        operations.send_reminder(act=replace(treasurer, at=on(0)), invoice=invoice, tone="friendly")


def test_what_is_paid_is_not_asked_for(invoice: Invoice, treasurer: Act) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4900, how="cash", on=DUE, key="all")
    with pytest.raises(Refused, match="nothing_due"):
        operations.send_reminder(act=replace(treasurer, at=on(9)), invoice=invoice, tone="friendly")


# A human's word


def test_a_word_stops_everything_until_the_next_word(invoice: Invoice, treasurer: Act, odile: Person) -> None:
    pause = operations.pause_reminders(act=replace(treasurer, at=on(1)), client=odile, why="hard_month")
    assert [goes_round(day) for day in (7, 30, 300)] == [[], [], []]
    with pytest.raises(Refused, match="reminder_held"):
        operations.send_reminder(act=replace(treasurer, at=on(9)), invoice=invoice, tone="friendly")
    operations.resume_reminders(act=replace(treasurer, at=on(301)), pause=pause)
    goes_round(301)
    assert tones() == ["friendly"]


def test_a_call_stops_reminders_until_its_day_and_is_in_the_log(
    invoice: Invoice, treasurer: Act, odile: Person
) -> None:
    until = on(20).date()
    operations.pause_reminders(
        act=replace(treasurer, at=on(5)), client=odile, invoice=invoice, why="call", note="Paie le 20.", until=until
    )
    assert (row(20).held, row(21).held) == ("paused", "")
    assert row(10).step == Step("friendly", on(21).date())
    assert goes_round(20) == []
    goes_round(21)
    assert tones() == ["friendly"]
    call = Call.objects.get()
    assert (call.person, call.note, call.outcome) == (odile, "Paie le 20.", "question")


def test_one_invoice_that_is_contested_does_not_silence_the_others(
    invoice: Invoice, treasurer: Act, odile: Person
) -> None:
    other = bill(odile, 3000)
    operations.pause_reminders(act=treasurer, client=odile, invoice=invoice, why="contested")
    goes_round(7)
    assert list(Letter.objects.filter(template="reminder_friendly").values_list("about_id", flat=True)) == [other.id]


def test_a_letter_that_waits_for_the_morning_is_kept_back_and_comes_later(
    invoice: Invoice, treasurer: Act, odile: Person
) -> None:
    goes_round(7)
    pause = operations.pause_reminders(act=replace(treasurer, at=on(7)), client=odile, why="call", until=on(9).date())
    assert tones() == []
    operations.resume_reminders(act=replace(treasurer, at=on(8)), pause=pause)
    goes_round(8)
    assert tones() == ["friendly"]


def test_a_letter_that_has_left_counts(invoice: Invoice, treasurer: Act, odile: Person) -> None:
    goes_round(7)
    carried(act=clock(7), letter=Letter.objects.get(template="reminder_friendly"), answer="ok")
    operations.pause_reminders(act=replace(treasurer, at=on(8)), client=odile, why="call", until=on(9).date())
    assert tones() == ["friendly"]


def test_said_anew_it_counts_as_said_last_and_the_same_changes_nothing(
    invoice: Invoice, treasurer: Act, odile: Person
) -> None:
    first = operations.pause_reminders(act=treasurer, client=odile, why="other", until=on(9).date())
    assert operations.pause_reminders(act=treasurer, client=odile, why="other", until=on(9).date()) == first
    operations.pause_reminders(act=treasurer, client=odile, why="hard_month")
    assert list(Pause.objects.filter(state="on").values_list("why", flat=True)) == ["hard_month"]
    assert row(60).held == "paused"


def test_a_day_that_is_over_pauses_nothing(invoice: Invoice, treasurer: Act, odile: Person) -> None:
    with pytest.raises(Refused, match="day_past"):
        operations.pause_reminders(act=treasurer, client=odile, why="call", until=date(2026, 12, 3))


def test_a_client_says_it_alone_and_somebody_calls(invoice: Invoice, odile: Person) -> None:
    client = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=on(2), door=Door.SITE)
    operations.pause_reminders(
        act=client, client=odile, invoice=invoice, why="contested", note="Deux heures, pas trois."
    )
    assert goes_round(30) == []
    task = Task.objects.get(kind="money_talk")
    assert (task.person, task.params) == (odile, {"invoice": invoice.number, "note": "Deux heures, pas trois."})


def test_nobody_speaks_for_somebody_else(invoice: Invoice, odile: Person, nadege: Person) -> None:
    other = Act(by=Actor(nadege.id, frozenset({Role.WORKER})), at=on(2), door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        operations.pause_reminders(act=other, client=odile, why="other")
