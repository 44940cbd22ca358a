from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.agreements import queries, rules
from entremise.agreements.models import Agreement, Confirmation, Fulfilment, Party, Promise, Signature
from entremise.documents.models import Document
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Listing
from entremise.people.models import Person
from entremise.tenancy.operations import next_number, next_numbers


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


@dataclass(frozen=True)
class Paper:
    """What an agreement says that was signed on paper by everybody before it was written down here."""

    mode: str
    title: str
    listing: Listing | None
    starts_on: date
    ends_on: date
    terms: Mapping[str, object]
    parties: Sequence[PartyDraft]
    promises: Sequence[PromiseDraft]


@dataclass(frozen=True)
class Hours:
    """minutes: of work of one occasion, on `day`. key: never the same for two."""

    agreement: Agreement
    occasion: UUID
    day: date
    minutes: int
    key: str


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


def hold(*, agreements: Collection[UUID]) -> None:
    """Until the door commits nobody else writes or confirms hours of these agreements, or says what is due instead."""
    list(Agreement.objects.select_for_update().filter(id__in=agreements).order_by("id").values_list("id"))


def end(*, act: Act, agreement: Agreement) -> Agreement:
    """What was promised is done. Raises Refused("not_now") unless the agreement is active."""
    return _move(act=act, agreement=agreement, verb="end")


def cancel(*, act: Act, agreement: Agreement) -> Agreement:
    """Nobody is bound any more. Raises Refused("not_now") once the agreement has ended."""
    return _move(act=act, agreement=agreement, verb="cancel")


def log(*, act: Act, agreement: Agreement, occasion: UUID, day: date, minutes: int, key: str) -> Fulfilment:
    """Write down the work of one occasion, in minutes. The same key again gives the same row; for another occasion it
    is Refused("key_reused").

    Work that turns up after all replaces what was due without it.
    Other hours for the same occasion replace the earlier ones until the client has spoken; after that
    Refused("hours_confirmed"): only `settle_difference` changes them.
    """
    same = Fulfilment.objects.filter(key=key).first()
    if same and same.occasion != occasion:
        raise Refused("key_reused")
    if same:
        return same
    _check_loggable(agreement, minutes)
    Agreement.objects.select_for_update().get(id=agreement.id)
    earlier = queries.current_fulfilment(occasion=occasion)
    if earlier and earlier.kind == rules.WORK and Confirmation.objects.filter(fulfilment=earlier).exists():
        raise Refused("hours_confirmed", {"minutes": earlier.minutes})
    if earlier and (earlier.kind, earlier.minutes, earlier.day) == (rules.WORK, minutes, day):
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


def stand_on_paper_many(*, act: Act, papers: Sequence[Paper]) -> list[Agreement]:
    """Agreements that everybody who must had signed on paper, active at once, in the order given.

    Each leaves the rows and facts of `draw_up` and of a `sign` for every party; a few statements for all of them.
    """
    state, drawn_up = rules.AGREEMENT.step("", "draw_up")
    state, active = rules.AGREEMENT.step(state, "complete")
    numbers = next_numbers(series=f"agreement-{act.at.year}", count=len(papers))
    agreements = [
        Agreement(
            number=f"AG-{act.at.year}-{number:04d}",
            mode=paper.mode,
            title=paper.title,
            listing=paper.listing,
            state=state,
            starts_on=paper.starts_on,
            ends_on=paper.ends_on,
            terms=dict(paper.terms),
            drawn_up_at=act.at,
            active_at=act.at,
        )
        for number, paper in zip(numbers, papers, strict=True)
    ]
    Agreement.objects.bulk_create(agreements)
    said = {one.id: {"number": one.number} for one in agreements}
    record_many(act=act, type=drawn_up, thing="agreement", data=said)
    _sign_many(act, _bind_many(agreements, papers))
    record_many(act=act, type=active, thing="agreement", data=said)
    return agreements


def _bind_many(agreements: Sequence[Agreement], papers: Sequence[Paper]) -> list[Party]:
    parties: list[Party] = []
    promises: list[Promise] = []
    for agreement, paper in zip(agreements, papers, strict=True):
        by_role = {
            one.role: Party(
                agreement_id=agreement.id,
                role=one.role,
                person_id=one.person.id if one.person else None,
                must_sign=one.must_sign,
            )
            for one in paper.parties
        }
        parties += by_role.values()
        promises += [
            Promise(
                agreement_id=agreement.id,
                giver_id=by_role[one.giver].id,
                taker_id=by_role[one.taker].id,
                kind=one.kind,
                asset=one.asset,
                quantity=one.quantity,
                due_on=one.due_on,
            )
            for one in paper.promises
        ]
    Party.objects.bulk_create(parties)
    Promise.objects.bulk_create(promises)
    return parties


def _sign_many(act: Act, parties: Sequence[Party]) -> None:
    signing = [party for party in parties if party.must_sign]
    Signature.objects.bulk_create(
        Signature(agreement_id=party.agreement_id, party_id=party.id, how="paper", by=act.whose, at=act.at)
        for party in signing
    )
    by_role: dict[str, dict[UUID, dict[str, object]]] = {}
    for party in signing:
        by_role.setdefault(party.role, {})[party.agreement_id] = {"role": party.role, "how": "paper"}
    for data in by_role.values():
        record_many(act=act, type="agreement_signed", thing="agreement", data=data)


def log_many(*, act: Act, hours: Sequence[Hours]) -> list[Fulfilment]:
    """The work of many occasions of which nothing is written down yet, in the order given. A key that is known
    already fails by its constraint. Raises Refused hours_out_of_range, not_signed_yet.
    """
    for one in hours:
        _check_loggable(one.agreement, one.minutes)
    fulfilments = [
        Fulfilment(
            agreement=one.agreement,
            occasion=one.occasion,
            day=one.day,
            minutes=one.minutes,
            key=one.key,
            by=act.by.person,
            on_behalf_of=act.on_behalf_of,
            door=act.door.value,
            at=act.at,
        )
        for one in hours
    ]
    Fulfilment.objects.bulk_create(fulfilments)
    data = {f.id: {"occasion": str(f.occasion), "minutes": f.minutes, "replaces": None} for f in fulfilments}
    record_many(act=act, type="hours_logged", thing="fulfilment", data=data)
    return fulfilments


def confirm_many(*, act: Act, fulfilments: Sequence[Fulfilment]) -> None:
    """The clients agree with hours just logged, of which nobody has spoken before: a second word fails by its
    constraint.
    """
    confirmations = [
        Confirmation(
            fulfilment=one,
            answer=rules.answer_to(one.minutes, one.minutes),
            minutes=one.minutes,
            by=act.whose,
            door=act.door.value,
            at=act.at,
        )
        for one in fulfilments
    ]
    Confirmation.objects.bulk_create(confirmations)
    data = {f.id: {"occasion": str(f.occasion), "logged": f.minutes, "said": f.minutes} for f in fulfilments}
    record_many(act=act, type=rules.ANSWERS["agreed"], thing="fulfilment", data=data)


def end_many(*, act: Act, agreements: Sequence[Agreement]) -> None:
    """What all of these promised is done. Raises Refused("not_now") unless each is active."""
    before = "active"
    state, fact = rules.AGREEMENT.step(before, "end")
    still = Agreement.objects.filter(id__in=[one.id for one in agreements], state=before)
    if still.update(state=state, ended_at=act.at) != len(agreements):
        raise Refused("not_now", {"thing": "agreement", "state": before, "verb": "end"})
    for one in agreements:
        one.state, one.ended_at = state, act.at
    data = {one.id: {"number": one.number} for one in agreements}
    record_many(act=act, type=fact, thing="agreement", data=data)


def _check_loggable(agreement: Agreement, minutes: int) -> None:
    if not 0 < minutes <= rules.LONGEST_DAY:
        raise Refused("hours_out_of_range", {"minutes": minutes}, where="minutes")
    if agreement.state not in ("active", "ended"):
        raise Refused("not_signed_yet", {"number": agreement.number})


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
    """Take one edge; whoever comes second gets Refused("not_now")."""
    before = agreement.state
    after, fact = rules.AGREEMENT.step(before, verb)
    since = {"active_at" if after == "active" else "ended_at": act.at}
    if not Agreement.objects.filter(id=agreement.id, state=before).update(state=after, **since):
        raise Refused("not_now", {"thing": "agreement", "state": before, "verb": verb})
    for name, value in {"state": after, **since}.items():
        setattr(agreement, name, value)
    record(act=act, type=fact, thing="agreement", thing_id=agreement.id, data={"number": agreement.number})
    return agreement
