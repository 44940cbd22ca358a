from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from entremise.payments.adapters.camt import read_statements
from entremise.payments.rules import Claim, Entry, LineKeys, OpenClaims, line_key, match

DATA = Path(__file__).parent / "data"
ODILE = Claim(UUID(int=42), "F2026-0042", 8400, payer="Odile Marsan", payer_iban="FR7630006000420000000031838")
SYNDIC_1 = Claim(UUID(int=43), "F2026-0043", 10000, payer="Syndic Les Tilleuls")
SYNDIC_2 = Claim(UUID(int=44), "F2026-0044", 2650, payer="Syndic Les Tilleuls")
PAUL = Claim(UUID(int=60), "F2026-0060", 9500, structured="RF68 F202 6006 0", payer="Paul Brémond")
ALL = (ODILE, SYNDIC_1, SYNDIC_2, PAUL)


def statement(name):
    with (DATA / name).open("rb") as file:
        return next(read_statements(file))


def line(amount, text="", **more):
    day = date(2026, 10, 6)
    return Entry(booked_on=day, value_on=day, amount=amount, currency=more.pop("currency", "EUR"), text=text, **more)


def line_keys(statements):
    keys = LineKeys()
    return [keys.next(one.iban, entry) for one in statements for entry in one.entries]


def judged(entry, claims=ALL):
    found = match(entry, OpenClaims(claims))
    return found.confidence, found.reason, [claim.id.int for claim in found.claims], found.difference


@pytest.mark.parametrize(
    "text",
    ["Facture F2026-0042 merci", "f2026 0042", "FACT F 2026/0042.", "F20260042", "paiement F2026-0042/octobre"],
)
def test_an_invoice_number_however_written_and_its_amount_are_sure(text):
    assert judged(line(8400, text)) == ("sure", "cited", [42], 0)


def test_a_structured_reference_and_its_amount_are_sure():
    assert judged(line(9500, structured="RF68F20260060")) == ("sure", "cited", [60], 0)


def test_a_number_in_the_end_to_end_reference_counts():
    assert judged(line(8400, end_to_end="F2026-0042")) == ("sure", "cited", [42], 0)


def test_a_longer_number_is_another_invoice():
    assert judged(line(1, "F2026-00421")) == ("none", "nothing_found", [], 0)


def test_a_part_of_what_is_owed_is_shown_to_a_person():
    assert judged(line(4000, "F2026-0042")) == ("likely", "partial", [42], -4400)


def test_more_than_what_is_owed_is_shown_to_a_person():
    assert judged(line(9000, "F2026-0042")) == ("likely", "overpaid", [42], 600)


def test_several_invoices_paid_in_one_line_are_sure_when_they_add_up():
    assert judged(line(12650, "F 2026 0043 et F2026/0044")) == ("sure", "several_cited", [43, 44], 0)


def test_several_invoices_that_do_not_add_up_are_shown_to_a_person():
    assert judged(line(12000, "F2026-0043 F2026-0044")) == ("likely", "several_differ", [43, 44], -650)


def test_an_amount_alone_decides_nothing():
    assert judged(line(8400, "merci")) == ("none", "amount_only", [42], 0)


def test_amount_and_account_of_the_payer_are_likely():
    assert judged(line(8400, counterparty_iban=ODILE.payer_iban)) == ("likely", "payer_and_amount", [42], 0)


def test_amount_and_name_of_the_payer_are_likely_in_any_order_and_without_title():
    assert judged(line(9500, counterparty="M. BREMOND PAUL")) == ("likely", "payer_and_amount", [60], 0)


def test_another_account_with_the_same_name_is_another_payer():
    other = line(8400, counterparty="Odile Marsan", counterparty_iban="FR7630004000070000000178914")
    assert judged(other)[:2] == ("none", "amount_only")


def test_two_equal_invoices_of_one_payer_are_left_to_a_person():
    twin = Claim(UUID(int=45), "F2026-0045", 8400, payer_iban=ODILE.payer_iban)
    assert judged(line(8400, counterparty_iban=ODILE.payer_iban), (ODILE, twin)) == ("none", "amount_only", [42, 45], 0)


def test_money_that_leaves_pays_nothing_owed_to_us():
    assert judged(line(-8400, "F2026-0042")) == ("none", "money_out", [], 0)


def test_another_currency_never_matches():
    assert judged(line(8400, "F2026-0042", currency="GBP")) == ("none", "nothing_found", [], 0)


def test_a_number_too_short_to_be_told_from_a_street_number_is_not_searched():
    assert judged(line(500, "12 rue des Lilas"), (Claim(UUID(int=12), "12", 500),))[1] == "amount_only"


def test_what_the_bank_takes_back_pays_nothing():
    back = replace(line(8400, "F2026-0042"), reversal=True)
    assert match(back, OpenClaims(ALL)).reason == "reversal"


def test_an_invoice_paid_once_is_not_paid_again_by_the_next_line():
    claims = OpenClaims(ALL)
    claims.settle(ODILE.id, 8400)
    assert match(line(8400, "F2026-0042"), claims).reason == "nothing_found"


def test_a_second_part_completes_the_first():
    claims = OpenClaims(ALL)
    claims.settle(ODILE.id, 4000)
    found = match(line(4400, "F2026-0042"), claims)
    assert (found.confidence, found.claim_id) == ("sure", ODILE.id)


def test_reading_a_statement_again_gives_the_same_keys_and_every_line_its_own():
    first, again = statement("camt053-v02.xml"), statement("camt053-v02.xml")
    assert line_keys([first]) == line_keys([again])
    assert len(set(line_keys([first]))) == len(first.entries)


def test_an_overlapping_statement_of_another_version_gives_the_same_keys():
    first = statement("camt053-v02.xml")
    second = statement("camt053-v08.xml")
    assert line_keys([second])[:3] == line_keys([first])[1:4]
    assert line_keys([second])[3] not in line_keys([first])


def test_movements_that_look_alike_on_two_pages_of_a_file_are_two():
    page = statement("camt053-v08.xml")
    both = line_keys([page, page])
    assert len(set(both)) == len(both)
    assert set(line_keys([page])) <= set(both)  # The second page alone, later, adds nothing.


def test_a_placeholder_is_not_a_reference_of_the_bank():
    one, two = line(8400, "a", reference="NONREF"), line(8400, "b", reference="NONREF")
    assert line_key("X", one) != line_key("X", two)


def test_the_same_movement_on_another_account_is_another_line():
    assert line_key("X", line(8400, "a")) != line_key("Y", line(8400, "a"))
