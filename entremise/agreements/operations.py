from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.agreements import queries, rules
from entremise.agreements.models import Agreement, Confirmation, Fulfilment, Party, Promise, Signature
from entremise.documents.models import Document
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Listing
from entremise.people.models import Person
from entremise.tenancy.operations import next_number


@dataclass(frozen=True)
class PartyDraft:
    """person None is the organisation itself."""

    role: str
    person: Person | None = None
    must_sign: bool = True


@dataclass(frozen=True)
class PromiseDraft:
    """giver and taker are roles. quantity: minutes for HOUR, minor units an hour (or in all) for money."""

    kind: str
    giver: str
    taker: str
    asset: str
    quantity: int
    due_on: date | None = None


def draw_up(
    *,
    act: Act,
    mode: str,
    title: str,
    listing: Listing | None,
    starts_on: date,
    ends_on: date,
    terms: Mapping[str, object],
    parties: Sequence[PartyDraft],
    promises: Sequence[PromiseDraft],
) -> Agreement:
    """Write down who promises what to whom. Nobody is bound before everybody who must has signed."""
    state, fact = rules.AGREEMENT.step("", "draw_up")
    agreement = Agreement.objects.create(
        number=f"AG-{act.at.year}-{next_number(series=f'agreement-{act.at.year}'):04d}",
        mode=mode,
        title=title,
        listing=listing,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
        terms=dict(terms),
        drawn_up_at=act.at,
    )
    by_role = {
        draft.role: Party.objects.create(
            agreement=agreement, role=draft.role, person=draft.person, must_sign=draft.must_sign
        )
        for draft in parties
    }
    Promise.objects.bulk_create(
        Promise(
            agreement=agreement,
            giver=by_role[draft.giver],
            taker=by_role[draft.taker],
            kind=draft.kind,
            asset=draft.asset,
            quantity=draft.quantity,
            due_on=draft.due_on,
        )
        for draft in promises
    )
    record(act=act, type=fact, thing="agreement", thing_id=agreement.id, data={"number": agreement.number})
    return agreement


def attach(*, party: Party, document: Document) -> Party:
    """The document that this party will sign; only while it has not."""
    if Signature.objects.filter(party=party).exists():
        raise Refused("already_signed")
    party.document = document
    party.save(update_fields=["document"])
    return party


def sign(*, act: Act, agreement: Agreement, role: str, how: str) -> Signature:
    """Record a party's signature, whether by link, on screen or on paper. The last one makes the agreement active.

    Signing twice is signing once. Raises Refused("not_now") on an agreement that was cancelled or has ended.
    """
    agreement = Agreement.objects.select_for_update().get(id=agreement.id)
    party = Party.objects.get(agreement=agreement, role=role)
    before = Signature.objects.filter(party=party).first()
    if before:
        return before
    rules.AGREEMENT.step(agreement.state, "complete")
    signature = Signature.objects.create(
        agreement=agreement, party=party, document_id=party.document_id, how=how, by=act.whose, at=act.at
    )
    data = {"role": role, "how": how}
    record(act=act, type="agreement_signed", thing="agreement", thing_id=agreement.id, data=data)
    if not Party.objects.filter(agreement=agreement, must_sign=True, signatures__isnull=True).exists():
        _move(act=act, agreement=agreement, verb="complete")
    return signature


def end(*, act: Act, agreement: Agreement) -> Agreement:
    """What was promised is done. Raises Refused("not_now") unless the agreement is active."""
    return _move(act=act, agreement=agreement, verb="end")


def cancel(*, act: Act, agreement: Agreement) -> Agreement:
    """Nobody is bound any more. Raises Refused("not_now") once the agreement has ended."""
    return _move(act=act, agreement=agreement, verb="cancel")


def log(*, act: Act, agreement: Agreement, occasion: UUID, day: date, minutes: int, key: str) -> Fulfilment:
    """Write down the work of one occasion, in minutes. The same key again gives the same row.

    Other hours for the same occasion replace the earlier ones until the client has spoken; after that
    Refused("hours_confirmed"): only `settle_difference` changes them.
    """
    same = Fulfilment.objects.filter(key=key).first()
    if same:
        return same
    if not 0 < minutes <= rules.LONGEST_DAY:
        raise Refused("hours_out_of_range", {"minutes": minutes}, where="minutes")
    if agreement.state not in ("active", "ended"):
        raise Refused("not_signed_yet", {"number": agreement.number})
    Agreement.objects.select_for_update().get(id=agreement.id)
    earlier = queries.current_fulfilment(occasion=occasion)
    if earlier and Confirmation.objects.filter(fulfilment=earlier).exists():
        raise Refused("hours_confirmed", {"minutes": earlier.minutes})
    if earlier and earlier.minutes == minutes and earlier.day == day:
        return earlier
    return _log(act=act, agreement=agreement, occasion=occasion, day=day, minutes=minutes, key=key, replaces=earlier)


def confirm(*, act: Act, fulfilment: Fulfilment, minutes: int | None) -> Confirmation:
    """The client's word on the hours: their own count, or None when they stayed silent long enough.

    The first word counts; a second, even different, returns the first. A difference keeps both versions for a
    human to settle.
    """
    Agreement.objects.select_for_update().get(id=fulfilment.agreement_id)
    before = Confirmation.objects.filter(fulfilment=fulfilment).first()
    if before:
        return before
    if Fulfilment.objects.filter(replaces=fulfilment).exists():
        raise Refused("hours_replaced")
    if minutes is not None and not 0 <= minutes <= rules.LONGEST_DAY:
        raise Refused("hours_out_of_range", {"minutes": minutes}, where="minutes")
    answer = rules.answer_to(fulfilment.minutes, minutes)
    confirmation = Confirmation.objects.create(
        fulfilment=fulfilment,
        answer=answer,
        minutes=fulfilment.minutes if minutes is None else minutes,
        by=act.whose,
        door=act.door.value,
        at=act.at,
    )
    data = {"occasion": str(fulfilment.occasion), "logged": fulfilment.minutes, "said": minutes}
    record(act=act, type=rules.ANSWERS[answer], thing="fulfilment", thing_id=fulfilment.id, data=data)
    return confirmation


def settle_difference(*, act: Act, fulfilment: Fulfilment, minutes: int) -> Fulfilment:
    """A human heard both sides and says what counts: a new row replaces the disputed one and stands confirmed."""
    agreement = Agreement.objects.select_for_update().get(id=fulfilment.agreement_id)
    dispute = Confirmation.objects.filter(fulfilment=fulfilment).first()
    if dispute is None or dispute.answer != "differs" or Fulfilment.objects.filter(replaces=fulfilment).exists():
        raise Refused("no_difference")
    if not 0 <= minutes <= rules.LONGEST_DAY:
        raise Refused("hours_out_of_range", {"minutes": minutes}, where="minutes")
    settled = _log(
        act=act,
        agreement=agreement,
        occasion=fulfilment.occasion,
        day=fulfilment.day,
        minutes=minutes,
        key=f"settled:{fulfilment.id}",
        replaces=fulfilment,
    )
    confirm(act=act, fulfilment=settled, minutes=minutes)
    return settled


def _log(
    *, act: Act, agreement: Agreement, occasion: UUID, day: date, minutes: int, key: str, replaces: Fulfilment | None
) -> Fulfilment:
    fulfilment = Fulfilment.objects.create(
        agreement=agreement,
        occasion=occasion,
        day=day,
        minutes=minutes,
        replaces=replaces,
        key=key,
        by=act.by.person,
        on_behalf_of=act.on_behalf_of,
        door=act.door.value,
        at=act.at,
    )
    data = {"occasion": str(occasion), "minutes": minutes, "replaces": str(replaces.id) if replaces else None}
    record(act=act, type="hours_logged", thing="fulfilment", thing_id=fulfilment.id, data=data)
    return fulfilment


def _move(*, act: Act, agreement: Agreement, verb: str) -> Agreement:
    agreement.state, fact = rules.AGREEMENT.step(agreement.state, verb)
    if agreement.state == "active":
        agreement.active_at = act.at
    else:
        agreement.ended_at = act.at
    agreement.save(update_fields=["state", "active_at", "ended_at"])
    record(act=act, type=fact, thing="agreement", thing_id=agreement.id, data={"number": agreement.number})
    return agreement
