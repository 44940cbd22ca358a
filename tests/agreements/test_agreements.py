from uuid import UUID

import pytest

from entremise.agreements import operations, queries, rules
from entremise.agreements.models import Agreement, Fulfilment, Signature
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from tests.conftest import TODAY

DAY = TODAY.date()
NOVEMBER = Period.month(2026, 11)


def log(act: Act, agreement: Agreement, occasion: UUID, minutes: int = 120, key: str = "slip") -> Fulfilment:
    return operations.log(act=act, agreement=agreement, occasion=occasion, day=DAY, minutes=minutes, key=key)


def test_the_last_signature_makes_it_active(act: Act, drawn_up: Agreement) -> None:
    for role, state in (("client", "drawn_up"), ("organisation", "drawn_up"), ("worker", "active")):
        operations.sign(act=act, agreement=drawn_up, role=role, how="link")
        drawn_up.refresh_from_db()
        assert drawn_up.state == state


def test_signing_twice_is_signing_once(act: Act, drawn_up: Agreement) -> None:
    first = operations.sign(act=act, agreement=drawn_up, role="client", how="screen")
    assert operations.sign(act=act, agreement=drawn_up, role="client", how="paper") == first
    assert Signature.objects.count() == 1


def test_nobody_works_before_everybody_has_signed(act: Act, drawn_up: Agreement, occasion: UUID) -> None:
    with pytest.raises(Refused, match="not_signed_yet"):
        log(act, drawn_up, occasion)


def test_a_cancelled_agreement_takes_no_signature(act: Act, drawn_up: Agreement) -> None:
    operations.cancel(act=act, agreement=drawn_up)
    with pytest.raises(Refused, match="not_now"):
        operations.sign(act=act, agreement=drawn_up, role="client", how="link")


def test_a_phone_that_sends_its_hours_twice_logs_them_once(act: Act, active: Agreement, occasion: UUID) -> None:
    assert log(act, active, occasion) == log(act, active, occasion)
    assert Fulfilment.objects.count() == 1


def test_a_key_names_the_hours_of_one_occasion(act: Act, active: Agreement, occasion: UUID) -> None:
    log(act, active, occasion)
    with pytest.raises(Refused, match="key_reused"):
        log(act, active, new_id())


def test_of_two_who_end_an_agreement_at_once_the_second_is_refused(act: Act, active: Agreement) -> None:
    theirs = Agreement.objects.get()
    operations.cancel(act=act, agreement=active)
    with pytest.raises(Refused, match="not_now"):
        operations.end(act=act, agreement=theirs)
    assert Agreement.objects.get().state == "cancelled"


def test_a_correction_replaces_the_hours_until_the_client_has_spoken(
    act: Act, active: Agreement, occasion: UUID
) -> None:
    first = log(act, active, occasion)
    second = log(act, active, occasion, 150, "again")
    assert second.replaces_id == first.id
    operations.confirm(act=act, fulfilment=second, minutes=150)
    with pytest.raises(Refused, match="hours_confirmed"):
        log(act, active, occasion, 180, "third")


@pytest.mark.parametrize("minutes", [0, -30, 24 * 60 + 1])
def test_impossible_hours_are_refused(act: Act, active: Agreement, occasion: UUID, minutes: int) -> None:
    with pytest.raises(Refused, match="hours_out_of_range"):
        log(act, active, occasion, minutes)


def test_replaced_hours_can_no_longer_be_confirmed(act: Act, active: Agreement, occasion: UUID) -> None:
    first = log(act, active, occasion)
    log(act, active, occasion, 150, "again")
    with pytest.raises(Refused, match="hours_replaced"):
        operations.confirm(act=act, fulfilment=first, minutes=120)


def test_silence_counts_as_yes_and_says_so(act: Act, active: Agreement, occasion: UUID) -> None:
    confirmation = operations.confirm(act=act, fulfilment=log(act, active, occasion), minutes=None)
    assert (confirmation.answer, confirmation.minutes) == ("silent", 120)
    assert [work.minutes for work in queries.done_work(period=NOVEMBER)] == [120]


def test_hours_in_dispute_do_not_count_until_a_human_decided(act: Act, active: Agreement, occasion: UUID) -> None:
    logged = log(act, active, occasion)
    operations.confirm(act=act, fulfilment=logged, minutes=90)
    assert queries.done_work(period=NOVEMBER) == []
    (difference,) = queries.differences()
    assert (difference.fulfilment, difference.said) == (logged, 90)
    operations.settle_difference(act=act, fulfilment=logged, minutes=105)
    assert [work.minutes for work in queries.done_work(period=NOVEMBER)] == [105]
    assert queries.differences() == []
    with pytest.raises(Refused, match="no_difference"):
        operations.settle_difference(act=act, fulfilment=logged, minutes=100)


def test_the_clients_first_word_counts(act: Act, active: Agreement, occasion: UUID) -> None:
    logged = log(act, active, occasion)
    operations.confirm(act=act, fulfilment=logged, minutes=120)
    assert operations.confirm(act=act, fulfilment=logged, minutes=60).answer == "agreed"


def test_done_work_names_the_people_and_what_was_promised(act: Act, active: Agreement, occasion: UUID) -> None:
    operations.confirm(act=act, fulfilment=log(act, active, occasion), minutes=120)
    (work,) = queries.done_work(period=NOVEMBER)
    assert set(work.people) == {"client", "worker"}
    assert work.promises == {"work": 120, "price": 2450, "wage": 1231}
    assert queries.done_work(period=Period.month(2026, 10)) == []


def test_states_are_all_reachable() -> None:
    assert not rules.AGREEMENT.unreachable
