"""Money asked for through a provider: what it is to do, what it says, how far we are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.payments.models import Instruction, Intent, KeptMeans, ProviderAccount, ProviderLine, ProviderMessage
from entremise.payments.rules import intents as rules
from entremise.payments.rules.provider import Movement, Standing
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope


@dataclass(frozen=True)
class Wanted:
    """A payment to ask for. about: invoice, with its id. role: what we are in it. said: words for the provider's page,
    and where it leads back. entry: the ledger's pending one. means: charge these, kept before, and open no page; then
    `said` needs its text only.
    """

    person: Person
    about: str
    about_id: UUID
    role: str
    provider: str
    amount: int
    said: Mapping[str, str]
    entry: UUID
    hold: bool = False
    means: KeptMeans | None = None


@dataclass(frozen=True)
class Change:
    """What a look has found new since the one before. Minor units; contested less than nothing: the dispute was won."""

    before: str
    after: str
    taken: int = 0
    given_back: int = 0
    contested: int = 0
    fee: int = 0

    @property
    def over(self) -> bool:
        """Nothing was taken and nothing will be."""
        return self.after in rules.OVER and self.before not in rules.OVER


def ask_payment(*, act: Act, intent: UUID, wanted: Wanted) -> Intent:
    """Ask somebody for money through a provider: the row, and what the provider is to do, together.

    intent: its id, made before. The room above has asked whether they may, and holds the amount in the ledger.

    To charge somebody's kept means an amount for a thing, any room does the same with `Wanted.means`
    (`queries.paying_means` finds whose owner chose it). It has told them the amount and the day before; `about` names
    its row in the table of the clock (doors.clock.paying.ROOMS), whose `look` books what the provider says, as ever. A
    charge is tried once: declined, or wanting the person themselves, it ends as cancelled by the very same `look`, with
    `Standing.why`, and the amount is free to be asked for in another way.
    Raises Refused("means_not_kept") for means of somebody else, or that may not be charged.
    """
    require(act, Verb.PAYMENTS_ASK, owner=wanted.person.id)
    means = wanted.means
    if means and (means.state != "kept" or means.person_id != wanted.person.id or means.provider != wanted.provider):
        raise Refused("means_not_kept")
    state, fact = rules.INTENT.step("", "ask")
    row = Intent.objects.create(
        id=intent,
        person=wanted.person,
        about=wanted.about,
        about_id=wanted.about_id,
        role=wanted.role,
        provider=wanted.provider,
        amount=wanted.amount,
        hold=wanted.hold,
        means=means,
        state=state,
        asked_at=act.at,
        entry=wanted.entry,
    )
    instruct(act=act, intent=row, verb="charge" if means else "open", amount=wanted.amount, said=wanted.said)
    data = {"amount": wanted.amount, "provider": wanted.provider, "about": wanted.about, "role": wanted.role}
    record(act=act, type=fact, thing="intent", thing_id=row.id, data=data)
    return row


def instruct(
    *, act: Act, intent: Intent, verb: str, amount: int = 0, said: Mapping[str, str] | None = None
) -> Instruction:
    """What the provider is to do, for the clock to carry. verb: open, charge, take, let_go, give_back, send_on or
    call_back; amount in cents.

    To let go twice is to let go once.
    """
    require(act, Verb.PAYMENTS_ASK, owner=intent.person_id)
    state, fact = rules.INSTRUCTION.step("", "queue")
    number = 0 if verb == "let_go" else Instruction.objects.filter(intent=intent, verb=verb).count()
    key = f"{intent.id}:{verb}:{number}"
    row, new = Instruction.objects.get_or_create(
        key=key,
        defaults={
            "intent": intent,
            "verb": verb,
            "amount": amount,
            "said": dict(said or {}),
            "state": state,
            "due_at": act.at,
            "queued_at": act.at,
        },
    )
    if new:
        data = {"verb": verb, "amount": amount}
        record(act=act, type=fact, thing="intent", thing_id=intent.id, data=data)
    return row


def claim_instructions(*, at: datetime, limit: int = 5) -> list[Instruction]:
    """Take what is due for this worker. A claim is a lease: after CLAIM_LASTS another worker may take it, with the same
    key.
    """
    due = Instruction.objects.filter(state="waiting", due_at__lte=at).exclude(claimed_at__gt=at - rules.CLAIM_LASTS)
    rows = due.order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    taken = list(rows.values_list("id", flat=True)[:limit])
    Instruction.objects.filter(id__in=taken).update(claimed_at=at)
    return list(
        Instruction.objects.filter(id__in=taken)
        .select_related("intent__person", "intent__means")
        .order_by("due_at", "id")
    )


def carried_out(*, act: Act, instruction: Instruction, answer: str, page: str = "") -> Instruction:
    """The provider has done it. How the payment stands now is looked at next. page: where the payer goes."""
    require(act, Verb.PAYMENTS_CARRY)
    intent = instruction.intent
    look = {"look_at": act.at, **({"page": page} if page else {})}
    if instruction.verb == "charge":
        look["ref"] = answer
    Intent.objects.filter(id=intent.id).update(**look)
    return _end(act, instruction, "carry", answer)


def not_carried_out(*, act: Act, instruction: Instruction, why: str, final: bool) -> Instruction:
    """The provider did not answer, or will not (final). Asked again with the same key for as long as it knows the key;
    after that a person looks, for nobody knows whether it was done.
    """
    require(act, Verb.PAYMENTS_CARRY)
    if final or act.at > instruction.queued_at + rules.SURE:
        Intent.objects.filter(id=instruction.intent_id).update(look_at=act.at)
        return _end(act, instruction, "refuse", why)
    tries = instruction.tries + 1
    waiting = Instruction.objects.filter(id=instruction.id, state="waiting")
    waiting.update(tries=tries, due_at=rules.again_at(act.at, tries), claimed_at=None, answer=why[:400])
    instruction.refresh_from_db(fields=["tries", "due_at", "claimed_at", "answer"])
    return instruction


def hear(*, act: Act, provider: str, message: str, about: str, ref: str) -> bool:
    """A provider says that something happened: look. Whether it was new; the same message again changes nothing."""
    require(act, Verb.PAYMENTS_HEAR)
    row = ProviderMessage(
        id=new_id(),
        organisation_id=scope.current(),
        provider=provider,
        message=message,
        about=about,
        ref=ref,
        at=act.at,
    )
    ProviderMessage.objects.bulk_create([row], ignore_conflicts=True)
    if not ProviderMessage.objects.filter(id=row.id).exists():
        return False
    if about == "account":
        ProviderAccount.objects.filter(provider=provider, ref=ref).update(look_at=act.at)
    if ref and about in ("page", "means"):
        kept = {"page": {"page": ref}, "means": {"ref": ref}}[about]
        KeptMeans.objects.filter(**kept, provider=provider, look_at__isnull=False).update(look_at=act.at)
    field = {"payment": "ref", "page": "page"}.get(about)
    if field and ref:
        found = Intent.objects.filter(**{field: ref}, provider=provider).update(look_at=act.at)
        if not found and about == "payment":  # Heard before we have looked at the page on which it was made.
            Intent.objects.filter(provider=provider, ref="", state__in=rules.LIVE).update(look_at=act.at)
    return True


def look(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """Write down how a payment stands. standing: None when nobody has begun to pay. asked_at: when we began to ask, for
    what a look that began later has found is not undone.
    """
    require(act, Verb.PAYMENTS_CARRY)
    row = Intent.objects.select_for_update().get(id=intent.id)
    if row.looked_at and asked_at <= row.looked_at:
        return Change(row.state, row.state)
    before = row.state
    row.looked_at = asked_at
    change = Change(before, before) if standing is None else _found(act, row, standing)
    row.look_at = rules.look_again(row.state, row.asked_at, act.at)
    row.save()
    if row.means_id and row.state in ("failed", "needs_action"):  # Nobody is there: no second try by itself.
        instruct(act=act, intent=row, verb="let_go")
    intent.refresh_from_db()
    return change


def keep_lines(*, act: Act, provider: str, movements: Iterable[Movement]) -> int:
    """Keep the provider's statement; returns how many of its lines are new. Payments that they are of are looked at."""
    require(act, Verb.PAYMENTS_CARRY)
    known = ProviderLine.objects.filter(provider=provider)
    before = known.count()
    rows = [
        ProviderLine(
            id=new_id(),
            organisation_id=scope.current(),
            provider=provider,
            ref=one.ref,
            kind=one.kind,
            amount=one.amount,
            fee=one.fee,
            payment=one.payment,
            source=one.source,
            at=one.at,
        )
        for one in movements
    ]
    ProviderLine.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    new = known.count() - before
    if new:
        payments = {one.payment for one in rows if one.payment}
        Intent.objects.filter(provider=provider, ref__in=payments).update(look_at=act.at)
        data = {"provider": provider, "new": new}
        record(act=act, type="provider_statement_read", thing="organisation", thing_id=scope.current(), data=data)
    return new


def _found(act: Act, row: Intent, standing: Standing) -> Change:
    verb = rules.verb_to(row.state, standing.state)
    before = row.state
    if verb and rules.INTENT.allows(before, verb):
        row.state, fact = rules.INTENT.step(before, verb)
        data: dict[str, object] = {"amount": standing.taken or standing.amount, "why": standing.why}
        record(act=act, type=fact, thing="intent", thing_id=row.id, data=data)
    change = Change(
        before,
        row.state,
        taken=standing.taken - row.taken,
        given_back=standing.given_back - row.given_back,
        contested=standing.contested - row.contested,
        fee=standing.fee - row.fee,
    )
    if change.given_back:
        data = {"amount": change.given_back}
        record(act=act, type="payment_returned", thing="intent", thing_id=row.id, data=data)
    if change.contested:
        data = {"amount": change.contested}
        record(act=act, type="payment_contested", thing="intent", thing_id=row.id, data=data)
    row.ref, row.held_until = standing.ref, standing.held_until
    row.taken, row.given_back = standing.taken, standing.given_back
    row.contested, row.fee = standing.contested, standing.fee
    return change


def _end(act: Act, instruction: Instruction, verb: str, answer: str) -> Instruction:
    before = instruction.state
    instruction.state, fact = rules.INSTRUCTION.step(before, verb)
    rows = Instruction.objects.filter(id=instruction.id, state="waiting")
    if rows.update(state=instruction.state, answer=answer[:400], done_at=act.at):
        data = {"verb": instruction.verb, "amount": instruction.amount, "answer": answer[:80]}
        record(act=act, type=fact, thing="intent", thing_id=instruction.intent_id, data=data)
    instruction.refresh_from_db(fields=["state", "answer", "done_at"])
    return instruction
