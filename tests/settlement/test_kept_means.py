"""A card or an account that a client has the provider keep: until it is past its month, taken away or detached."""

from datetime import date

import pytest

from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import KeptMeans
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice
from tests.provider.kept import renew
from tests.settlement.test_charges import GOOD, fake, invoice, town
from tests.settlement.town import BACK, Town, chooses, keeps

__all__ = ["fake", "invoice", "town"]


def test_a_card_is_kept_without_a_payment_and_told_by_its_last_digits(town: Town, invoice: Invoice) -> None:
    kept = keeps(town, invoice.client)
    assert (kept.state, kept.brand, kept.last4, kept.expires_on) == ("kept", "visa", "4242", date(2034, 12, 31))
    assert (town.fake.till.all("charge"), kept.pays_since) == ([], None)


def test_an_account_is_kept_with_the_reference_of_its_mandate(town: Town, invoice: Invoice) -> None:
    kept = keeps(town, invoice.client, GOOD)
    assert (kept.state, kept.last4, kept.reference[:3], kept.expires_on) == ("kept", "2606", "RUM", None)


def test_a_card_past_its_month_rests_until_the_provider_has_its_new_date(town: Town, invoice: Invoice) -> None:
    kept = chooses(town, invoice.client)
    for year, state in ((2025, "expired"), (2031, "kept")):
        renew(town.fake.till, kept.ref, year)
        town.told()
        town.turn()
        kept.refresh_from_db()
        assert kept.state == state


def test_a_mandate_for_our_own_files_goes_first(town: Town, invoice: Invoice) -> None:
    kept, act = keeps(town, invoice.client), town.client(invoice.client)
    iban = "FR7630006000011234567890189"
    payments.give_mandate(act=act, person=invoice.client, iban=iban, signed_on=town.at.date(), how="site")
    with pytest.raises(Refused, match="mandate_pays_already"):
        payments.pay_with(act=act, means=kept)


def test_an_expired_card_makes_room_and_a_good_one_does_not(town: Town, invoice: Invoice) -> None:
    act, kept = town.client(invoice.client), keeps(town, invoice.client)
    with pytest.raises(Refused, match="means_kept_already"):
        payments.keep_means(act=act, person=invoice.client, kind="card", provider="stripe", back=BACK)
    renew(town.fake.till, kept.ref, 2025)
    town.told()
    town.turn()
    assert keeps(town, invoice.client).state == "kept"
    assert sorted(KeptMeans.objects.values_list("state", flat=True)) == ["kept", "removed"]


def test_a_page_that_nobody_fills_in_keeps_nothing(town: Town, invoice: Invoice) -> None:
    act = town.client(invoice.client)
    payments.keep_means(act=act, person=invoice.client, kind="card", provider="stripe", back=BACK)
    town.turn()
    town.later(days=1)
    town.told()
    town.turn()
    assert KeptMeans.objects.get().state == "over"


def test_taken_away_while_its_page_is_open_nothing_is_left_on_it(town: Town, invoice: Invoice) -> None:
    act = town.client(invoice.client)
    kept = payments.keep_means(act=act, person=invoice.client, kind="card", provider="stripe", back=BACK)
    town.turn()
    kept.refresh_from_db()
    town.fake.pay(kept.page)
    payments.remove_means(act=act, means=kept)
    town.turn()
    assert (KeptMeans.objects.get().state, "detached" in town.fake.till.fates.values()) == ("removed", True)


def test_nobody_keeps_or_takes_away_for_somebody_else(town: Town, invoice: Invoice, karim: Person) -> None:
    kept, stranger = keeps(town, invoice.client), town.client(karim)
    for change in (operations.take_away, operations.stop_charging, payments.pay_with):
        with pytest.raises(Refused, match="not_allowed"):
            change(act=stranger, means=kept)
    with pytest.raises(Refused, match="not_allowed"):
        payments.keep_means(act=stranger, person=invoice.client, kind="card", provider="stripe", back=BACK)


def test_a_provider_that_will_not_forget_is_asked_again_in_a_day(town: Town, invoice: Invoice) -> None:
    kept = keeps(town, invoice.client)
    operations.take_away(act=town.client(invoice.client), means=kept)
    town.fake.wire.secret = "sk_of_another_key"
    town.turn()
    kept.refresh_from_db()
    assert kept.look_at
    assert kept.look_at > town.at
    town.fake.wire.secret = "sk_test_fake"
    town.later(days=1)
    town.turn()
    assert town.fake.till.things[kept.ref]["customer"] is None
    kept.refresh_from_db()
    assert kept.look_at is None


def test_a_provider_that_says_nothing_of_it_leaves_it_kept(town: Town, invoice: Invoice) -> None:
    kept = keeps(town, invoice.client)
    town.later(days=1, minutes=1)
    town.fake.wire.secret = "sk_of_another_key"
    town.turn()
    before, kept = kept, KeptMeans.objects.get()
    assert (kept.state, kept.ref) == ("kept", before.ref)
