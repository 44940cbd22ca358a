"""What a bank line may pay: by examples, and by what must hold for any line."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.payments.rules import Claim, Entry, OpenClaims
from entremise.payments.rules.names import likeness, name_key, text_key
from entremise.payments.rules.suggestions import (
    STEPS,
    Known,
    Suggestion,
    Taught,
    decide,
    decide_all,
    grouped,
    suggest,
    trusted_what,
)

DAY = date(2026, 12, 10)
ODILE, PAUL, CCAS = UUID(int=1), UUID(int=2), UUID(int=3)
IBAN = "FR7630006000011234567890189"


def owed(number: int, due: int, client: UUID = ODILE, payer: str = "Odile Marsan") -> Claim:
    return Claim(UUID(int=100 + number), f"FA-2026-{number:04d}", due, payer=payer, client=client)


def line(amount: int, text: str = "", payer: str = "", iban: str = "") -> Entry:
    return Entry(DAY, DAY, amount, "EUR", text=text, counterparty=payer, counterparty_iban=iban)


def said(one: Suggestion) -> tuple[str, tuple[str, ...], list[tuple[str, int]], int]:
    return one.step, one.reasons, [(part.claim.number[-1], part.amount) for part in one.parts], one.rest


NOTHING = Known()


def first(entry: Entry, *claims: Claim, known: Known = NOTHING) -> tuple[object, ...]:
    return said(suggest(entry, OpenClaims(claims), known)[0])


TAUGHT = Known(taught=[Taught(UUID(int=9), client=ODILE, times=2)])


@pytest.mark.parametrize(
    ("written", "known", "how"),
    [
        ("MME MARSAN ODILE", "Odile Marsan", "same_name"),
        ("M OU MME MARSAN PAUL ET ODILE", "Odile Marsan", "same_name"),
        ("M. BREMOND PAUL", "Paul Brémond", "same_name"),
        ("SARL LES TILLEULS", "Les Tilleuls", "same_name"),
        ("SYNDICAT COPROPRIETE LES TILLEULS", "Syndicat de copropriété Les Tilleuls SAS", "same_name"),
        ("M OU MME MARSAN", "Odile Marsan", "alike_name"),
        ("O MARSAN", "Odile Marsan", "alike_name"),
        ("MARSAN ODILLE", "Odile Marsan", "alike_name"),
        ("MARSAN JEAN", "Odile Marsan", ""),
        ("M", "Odile Marsan", ""),
        ("", "Odile Marsan", ""),
    ],
)
def test_a_name_is_known_however_the_bank_writes_it(written: str, known: str, how: str) -> None:
    assert likeness(written, known) == how


def test_words_in_any_order_are_one_name() -> None:
    assert name_key("Mme de La Tour Élise") == name_key("ELISE TOUR")


def test_a_text_is_the_same_from_month_to_month() -> None:
    assert text_key("PRLV LOYER NOVEMBRE 2026 N°12") == text_key("prlv loyer décembre 2026 n°13") == "loyer prlv"


def test_a_number_and_its_amount_are_sure() -> None:
    assert first(line(4900, "FA-2026-0001"), owed(1, 4900)) == ("sure", ("cited", "exact"), [("1", 4900)], 0)


def test_a_part_of_an_invoice_that_is_cited_is_likely() -> None:
    assert first(line(2000, "FA-2026-0001"), owed(1, 4900)) == ("likely", ("cited", "partial"), [("1", 2000)], 0)


def test_too_much_stays_to_the_credit_of_the_client() -> None:
    assert first(line(6000, "FA-2026-0001"), owed(1, 4900)) == ("likely", ("cited", "beyond"), [("1", 4900)], 1100)


def test_what_is_cited_with_another_of_the_same_client_is_likely() -> None:
    found = first(line(6900, "FA-2026-0001"), owed(1, 4900), owed(2, 1000), owed(3, 2000))
    assert found == ("likely", ("cited", "grouped"), [("1", 4900), ("3", 2000)], 0)


def test_an_account_known_from_before_and_an_exact_amount_are_likely() -> None:
    known = Known(accounts=[ODILE])
    found = first(line(4900), owed(1, 2000), owed(2, 4900), owed(3, 4900, PAUL, "Paul"), known=known)
    assert found == ("likely", ("known_account", "exact"), [("2", 4900)], 0)


def test_of_two_equal_invoices_the_older_is_proposed_and_said_to_be_one_of_them() -> None:
    found = first(line(4900, payer="MARSAN ODILE"), owed(1, 4900), owed(2, 4900))
    assert found == ("likely", ("same_name", "exact", "one_of_several"), [("1", 4900)], 0)


def test_several_invoices_of_a_client_paid_at_once_are_found() -> None:
    found = first(line(6900, payer="MARSAN ODILE"), owed(1, 4900), owed(2, 1500), owed(3, 2000))
    assert found == ("likely", ("same_name", "grouped"), [("1", 4900), ("3", 2000)], 0)


def test_a_part_of_what_a_known_client_owes_goes_to_the_oldest() -> None:
    found = first(line(5000, payer="MARSAN ODILE"), owed(1, 4900), owed(2, 4900))
    assert found == ("possible", ("same_name", "spread"), [("1", 4900), ("2", 100)], 0)


def test_a_like_name_alone_proposes_nothing() -> None:
    assert suggest(line(100, payer="O MARSAN"), OpenClaims([owed(1, 4900)])) == []


def test_an_amount_alone_is_possible_while_few_owe_it() -> None:
    few = [owed(number, 4900, UUID(int=number), "x") for number in range(1, 4)]
    assert [said(one)[:2] for one in suggest(line(4900), OpenClaims(few))] == [("possible", ("amount_only",))] * 3
    assert suggest(line(4900), OpenClaims([*few, owed(4, 4900)])) == []


@pytest.mark.parametrize("entry", [line(-4900, "FA-2026-0001"), line(0, "FA-2026-0001")])
def test_money_that_left_pays_nothing(entry: Entry) -> None:
    assert suggest(entry, OpenClaims([owed(1, 4900)])) == []


def test_a_rule_and_the_amount_of_one_invoice_are_sure() -> None:
    assert first(line(4900), owed(1, 4900), known=TAUGHT) == ("sure", ("learned", "exact"), [("1", 4900)], 0)


def test_a_rule_and_two_equal_invoices_are_not() -> None:
    assert first(line(4900), owed(1, 4900), owed(2, 4900), known=TAUGHT)[0] == "likely"


@pytest.mark.parametrize(
    ("taught", "payer", "sure"),
    [
        ([Taught(UUID(int=9), client=ODILE)], "MME MARSAN", True),
        ([Taught(UUID(int=9), client=ODILE)], "CCAS DE BOURG", False),
        ([Taught(UUID(int=9), client=ODILE, times=2)], "CCAS DE BOURG", True),
        ([Taught(UUID(int=9), client=ODILE, times=5), Taught(UUID(int=8), client=PAUL)], "CCAS DE BOURG", False),
        ([Taught(UUID(int=9), client=ODILE, times=5), Taught(UUID(int=8), what="grant")], "CCAS DE BOURG", False),
    ],
)
def test_whoever_pays_for_others_is_believed_the_second_time_and_never_for_two(
    taught: list[Taught], payer: str, sure: bool
) -> None:
    found = decide(line(4900, payer=payer), OpenClaims([owed(1, 4900)]), taught)
    assert (found.confidence == "sure") == sure


def test_what_is_written_comes_before_what_was_taught() -> None:
    claims = OpenClaims([owed(1, 4900), owed(2, 4000, PAUL, "Paul")])
    assert decide(line(4900, "FA-2026-0002"), claims, TAUGHT.taught).reason == "overpaid"


def test_a_rule_about_something_else_counts_when_all_agree() -> None:
    rent, fees = Taught(UUID(int=7), what="other"), Taught(UUID(int=8), what="fees")
    assert trusted_what([rent]) == rent
    assert trusted_what([rent, fees]) is None
    assert trusted_what([Taught(UUID(int=9), client=ODILE)]) is None
    assert trusted_what([]) is None


def test_the_search_for_a_sum_ends_however_many_are_open() -> None:
    many = [owed(number, 100_003 + number * 977) for number in range(500)]
    assert grouped(many, 99_999_999) == ()


# Whatever the line and whatever is owed.

dues = st.lists(st.tuples(st.integers(1, 9) | st.integers(1, 60), st.sampled_from([ODILE, PAUL, CCAS])), max_size=12)
NAMES = {ODILE: "Odile Marsan", PAUL: "Paul Marsan", CCAS: "CCAS de Bourg"}
texts = st.sampled_from(["", "FA-2026-0000", "FA-2026-0001 FA-2026-0002", "merci"])
payers = st.sampled_from(["", "MARSAN ODILE", "MARSAN", "CCAS BOURG"])
rules = st.lists(
    st.builds(Taught, st.just(UUID(int=9)), st.sampled_from([ODILE, PAUL]), times=st.integers(1, 3)), max_size=2
)


def claims_of(drawn: list[tuple[int, UUID]]) -> list[Claim]:
    return [owed(number, due, client, NAMES[client]) for number, (due, client) in enumerate(drawn)]


@given(dues, st.integers(1, 200), texts, payers, rules, st.lists(st.sampled_from([ODILE, PAUL]), max_size=2))
def test_a_suggestion_spends_the_line_to_the_cent_and_no_invoice_twice(
    drawn: list[tuple[int, UUID]], amount: int, text: str, payer: str, taught: list[Taught], accounts: list[UUID]
) -> None:
    found = suggest(line(amount, text, payer), OpenClaims(claims_of(drawn)), Known(taught, accounts))
    for one in found:
        assert sum(part.amount for part in one.parts) + one.rest == amount
        assert all(0 < part.amount <= part.claim.due for part in one.parts)
        assert len({part.claim.id for part in one.parts}) == len(one.parts) > 0
        assert not one.rest or len({part.claim.client for part in one.parts}) == 1
    steps = [STEPS[one.step] for one in found]
    assert steps == sorted(steps, reverse=True)
    assert len(found) <= 9


@given(dues, st.integers(1, 200), texts, payers, rules)
def test_what_is_called_sure_is_what_would_be_booked(
    drawn: list[tuple[int, UUID]], amount: int, text: str, payer: str, taught: list[Taught]
) -> None:
    entry, claims = line(amount, text, payer), OpenClaims(claims_of(drawn))
    booked = decide(entry, claims, taught)
    sure = [one for one in suggest(entry, claims, Known(taught)) if one.step == "sure"]
    wanted = [{claim.id for claim in booked.claims}] if booked.confidence == "sure" else []
    assert [{part.claim.id for part in one.parts} for one in sure] == wanted


lines = st.lists(st.tuples(st.integers(1, 9), texts, payers, st.integers(0, 3)), max_size=8)


@given(dues, lines, rules, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_change_what_is_sure(
    drawn: list[tuple[int, UUID]], typed: list[tuple[int, str, str, int]], taught: list[Taught], chance: Random
) -> None:
    entries = {
        UUID(int=number): (
            f"{number:02d}",
            Entry(DAY + timedelta(days=days), DAY, amount, "EUR", text=text, counterparty=payer),
        )
        for number, (amount, text, payer, days) in enumerate(typed)
    }
    rules_of = dict.fromkeys(entries, taught)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    one = decide_all(entries, OpenClaims(claims_of(drawn)), rules_of)
    other = decide_all({line: entries[line] for line in shuffled}, OpenClaims(claims_of(drawn)), rules_of)
    assert one == other


@given(st.lists(st.integers(1, 30), max_size=9), st.integers(1, 120))
def test_a_group_adds_up_and_no_smaller_one_does(drawn: list[int], amount: int) -> None:
    claims = [owed(number, due) for number, due in enumerate(drawn)]
    sizes = [
        bits.bit_count()
        for bits in range(1 << len(claims))
        if sum(claim.due for number, claim in enumerate(claims) if bits >> number & 1) == amount
    ]
    found = grouped(claims, amount)
    if found:
        assert sum(claim.due for claim in found) == amount
        assert len(found) == min(sizes) > 1
    else:
        assert not sizes or min(sizes) == 1
