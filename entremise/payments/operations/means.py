"""Cards and debit accounts that a provider keeps for people, and their choice to pay with one.

Keeping one lets nobody charge it: its owner says so separately (`pay_with`), and takes it back at any moment. To charge
it for something, a room asks for a payment as for any other, `ask_payment` with `Wanted.means`.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.models import KeptMeans, Mandate
from entremise.payments.rules import LIVE as MANDATE_LIVE
from entremise.payments.rules.means import LIVE, MEANS, look_again, verb_to
from entremise.payments.rules.provider import Kept, Page
from entremise.people.models import Person
from entremise.people.operations.waiting import wait_for
from entremise.people.rules.may import Verb, require
from entremise.tenancy.queries import here


def keep_means(*, act: Act, person: Person, kind: str, provider: str, back: str) -> KeptMeans:
    """Somebody wants a provider to keep their card or debit account; the clock opens its page. Nothing is paid.

    kind: card or sepa_debit. back: where that page leads. Asked again while it is open, it is the same page; an expired
    card makes room. Raises Refused("means_kept_already").
    """
    require(act, Verb.MANDATES_KEEP, owner=person.id)
    wait_for(people=[person.id])
    before = KeptMeans.objects.filter(person=person, kind=kind, state__in=LIVE).first()
    if before and before.state == "kept":
        raise Refused("means_kept_already")
    if before and before.state == "asked":
        return before
    if before:
        remove_means(act=act, means=before)
    state, fact = MEANS.step("", "ask")
    means = KeptMeans.objects.create(
        person=person,
        kind=KeptMeans.Kind(kind),
        provider=provider,
        state=state,
        back=back,
        asked_at=act.at,
        look_at=act.at,
    )
    record(act=act, type=fact, thing="means", thing_id=means.id, data={"kind": kind, "provider": provider})
    return means


def means_seen(*, act: Act, means: KeptMeans, page: Page | None = None, kept: Kept | None = None) -> KeptMeans:
    """What the provider says of it. page: as it stands; kept: what was left on it. Neither: nothing, for now; what it
    would not forget it is asked to forget again.
    """
    require(act, Verb.PAYMENTS_CARRY)
    wait_for(people=[means.person_id])
    row = KeptMeans.objects.get(id=means.id)
    if row.state not in LIVE:  # Ended while we asked, or before.
        if row.state == means.state:
            row.look_at = act.at + timedelta(days=1)
            row.save(update_fields=["look_at"])
        return row
    if page and row.state == "asked":
        row.page, row.url = page.ref, page.url
        row.payer, row.ref, row.mandate = page.payer, page.means, page.mandate
    verb = "end" if page and page.over and row.state == "asked" else None
    if kept:
        row.brand, row.last4, row.expires_on, row.reference = kept.brand, kept.last4, kept.expires_on, kept.reference
        today = act.at.astimezone(ZoneInfo(here().timezone)).date()
        verb = verb_to(row.state, there=kept.there, expires_on=kept.expires_on, on=today)
    if verb:
        _step(act, row, verb)
    if row.look_at == means.look_at:  # Else something was heard meanwhile, and it is looked at again.
        row.look_at = look_again(row.state, row.asked_at, act.at)
    row.save()
    return row


def remove_means(*, act: Act, means: KeptMeans) -> KeptMeans:
    """Its owner wants it kept no more: nothing more is charged to it, and the provider is to forget it. What it has
    been asked for already still comes. Done again, it changes nothing.
    """
    require(act, Verb.MANDATES_KEEP, owner=means.person_id)
    wait_for(people=[means.person_id])
    means.refresh_from_db()
    if means.state in LIVE:
        _step(act, means, "remove")
        means.url, means.look_at = "", act.at
        means.save()
    return means


def means_forgotten(*, act: Act, means: KeptMeans) -> KeptMeans:
    """The provider keeps it no more, as its owner wanted."""
    require(act, Verb.PAYMENTS_CARRY)
    means.look_at = None
    means.save(update_fields=["look_at"])
    record(act=act, type="means_forgotten", thing="means", thing_id=means.id, data={"kind": means.kind})
    return means


def pay_with(*, act: Act, means: KeptMeans) -> KeptMeans:
    """Its owner, and nobody else, wants what they owe to be charged to it from now on, told before with amount and day.
    It takes the place of another of theirs.

    Raises Refused("means_not_kept") unless it may be charged, Refused("mandate_pays_already") while a mandate for files
    to our own bank holds.
    """
    require(act, Verb.MEANS_CHOOSE, owner=means.person_id)
    wait_for(people=[means.person_id])
    means.refresh_from_db()
    if means.state != "kept":
        raise Refused("means_not_kept")
    if Mandate.objects.filter(person_id=means.person_id, state__in=MANDATE_LIVE).exists():
        raise Refused("mandate_pays_already")
    if means.pays_since:
        return means
    for other in KeptMeans.objects.filter(person_id=means.person_id, pays_since__isnull=False):
        pay_no_more(act=act, means=other, reason="replaced")
    means.pays_since = act.at
    means.save(update_fields=["pays_since"])
    record(act=act, type="means_chosen", thing="means", thing_id=means.id, data={"kind": means.kind})
    return means


def pay_no_more(*, act: Act, means: KeptMeans, reason: str = "") -> KeptMeans:
    """Nothing more is charged to it, though it stays kept: its owner says so, or a debit by it was contested.
    Done again, it changes nothing.
    """
    require(act, Verb.MANDATES_KEEP, owner=means.person_id)
    wait_for(people=[means.person_id])
    means.refresh_from_db()
    if means.pays_since:
        means.pays_since = None
        means.save(update_fields=["pays_since"])
        data = {"kind": means.kind, "reason": reason}
        record(act=act, type="means_chosen_no_more", thing="means", thing_id=means.id, data=data)
    return means


def _step(act: Act, means: KeptMeans, verb: str) -> None:
    means.state, fact = MEANS.step(means.state, verb)
    if verb == "keep":
        means.kept_at = act.at
    if means.state not in LIVE:
        means.ended_at, means.pays_since = act.at, None
    record(act=act, type=fact, thing="means", thing_id=means.id, data={"kind": means.kind})
