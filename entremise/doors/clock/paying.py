"""Providers are asked outside any transaction: what they are to do, how payments stand, their own statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.frame.providers import provider_of, providers_of
from entremise.kernel.clock import now
from entremise.payments import operations as payments
from entremise.payments import queries
from entremise.payments.adapters.provider import Provider, ProviderDown, ProviderRefused
from entremise.payments.models import Instruction, Intent, KeptMeans, ProviderAccount
from entremise.payments.operations import Change
from entremise.payments.rules.means import LIVE
from entremise.payments.rules.provider import Asked, Kept, Page, Standing
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.solidarity import operations as solidarity
from entremise.solidarity import queries as given
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from entremise.tenancy.queries import legal_identity


@dataclass(frozen=True)
class Room:
    """Whose a payment is, by what it is about."""

    look: Callable[..., Change]
    named: Callable[..., Mapping[str, str]]

    @property
    def failed(self) -> Callable[..., Instruction]:
        return partial(settlement.instruction_failed, look=self.look, named=self.named)


ROOMS: Final[Mapping[str, Room]] = {
    "invoice": Room(solidarity.look_at_invoice, settled.names_invoice),
    "deposit": Room(settlement.look_at_deposit, settled.names_deposit),
    "supplied": Room(settlement.look_at_supplied, settled.names_supplied),
    "gift": Room(solidarity.look_at_gift, given.names_gift),
}
READ_BACK = timedelta(days=30)  # How far back its statement is read again: what is known already is not kept twice.


def carry_out(watch: Watch, organisation: Organisation) -> int:
    """Have providers do what was written down for them; returns how many were asked. One that does not answer is left
    alone until the next turn: the clock has other things to do than to wait for it.
    """
    asked, away = 0, set[str]()
    while not watch.stop.is_set():
        with scope.writing(organisation.id):
            claimed = payments.claim_instructions(at=now())
        if not claimed:
            break
        asked += watch.each(organisation, "pay", claimed, partial(_carry, organisation, away))
    return asked


def _carry(organisation: Organisation, away: set[str], instruction: Instruction) -> None:
    name = instruction.intent.provider
    provider = None if name in away else provider_of(organisation, name)
    try:
        if provider is None:
            raise ProviderDown("away" if name in away else "no keys")
        answer, page = _do(provider, instruction)
    except (ProviderDown, ProviderRefused) as error:
        final = isinstance(error, ProviderRefused)
        if not final:
            away.add(name)
        # What became of a charge is looked at, whatever was answered: see _standing.
        charge = instruction.verb == "charge"
        failed = payments.not_carried_out if charge else ROOMS[instruction.intent.about].failed
        said = partial(failed, instruction=instruction, why=str(error), final=final)
        write(organisation, lambda act: said(act=act))
    else:
        if instruction.verb in ("send_on", "call_back"):
            done = partial(settlement.passed_on, instruction=instruction, answer=answer)
        else:
            done = partial(payments.carried_out, instruction=instruction, answer=answer, page=page)
        write(organisation, lambda act: done(act=act))


def _do(provider: Provider, one: Instruction) -> tuple[str, str]:
    """What the provider answered, and the page that it opened."""
    intent = one.intent
    match one.verb:
        case "open":
            back = one.said["back"]
            asked = Asked(
                key=one.key, amount=one.amount, reference=str(intent.id), text=one.said["text"], hold=intent.hold
            )
            page = provider.open_page(asked, back=back, gave_up=back)
            return page.url, page.ref
        case "charge":
            return provider.charge(_of_kept(one, intent)).ref, ""
        case "give_back":
            return provider.give_back(key=one.key, ref=intent.ref, amount=one.amount), ""
        case "send_on":
            account = one.said["account"]
            return provider.send_on(key=one.key, account=account, amount=one.amount, payment=intent.ref), ""
        case "call_back":
            return provider.call_back(key=one.key, transfer=one.said["transfer"], amount=one.amount), ""
        case "take":
            return provider.take(key=one.key, ref=intent.ref, amount=one.amount).state, ""
    if intent.page:
        provider.close_page(key=one.key, page=intent.page)
    if intent.ref:
        return provider.let_go(key=f"{one.key}:payment", ref=intent.ref).state, ""
    return "closed", ""


def _of_kept(one: Instruction, intent: Intent) -> Asked:
    means = intent.means
    if means is None:
        raise LookupError("no means are kept for this payment")
    return Asked(
        key=one.key,
        amount=one.amount,
        reference=str(intent.id),
        text=one.said["text"],
        hold=intent.hold,
        ways=(means.kind,),
        payer=means.payer,
        means=means.ref,
    )


def look(watch: Watch, organisation: Organisation) -> int:
    """Ask how payments stand of which something was heard, or nothing for too long."""
    due, away = read(organisation, lambda: queries.to_look_at(at=now())), set[str]()
    return watch.each(organisation, "look", due, partial(_look, organisation, away))


def _look(organisation: Organisation, away: set[str], intent: Intent) -> None:
    provider = None if intent.provider in away else provider_of(organisation, intent.provider)
    if provider is None:
        return
    asked_at = now()
    try:
        standing = _standing(provider, intent)
    except ProviderDown:
        away.add(intent.provider)
        return
    found = partial(ROOMS[intent.about].look, intent=intent, standing=standing, asked_at=asked_at)
    write(organisation, lambda act: found(act=act))


def _standing(provider: Provider, intent: Intent) -> Standing | None:
    if intent.ref:
        return provider.standing(intent.ref)
    if intent.means:  # Refused, or its answer was lost. Once it is asked for no more, what is not there will never be.
        found, why = (
            provider.charged(payer=intent.means.payer, reference=str(intent.id)),
            queries.refused(intent=intent),
        )
        return found or (None if why is None else Standing("", "cancelled", intent.amount, why=why))
    page = provider.page(intent.page)
    if page.payment:
        return provider.standing(page.payment)
    return Standing(ref="", state="expired", amount=intent.amount) if page.over else None


def look_at_accounts(watch: Watch, organisation: Organisation) -> int:
    """Open the accounts that people asked for with a provider, and its page for them; ask whether it can pay them."""
    due = read(organisation, lambda: queries.accounts_to_look_at(at=now()))
    return watch.each(organisation, "provider account", due, partial(_look_at_account, organisation))


def _look_at_account(organisation: Organisation, account: ProviderAccount) -> None:
    provider = provider_of(organisation, account.provider)
    if provider is None:
        return
    try:
        ref = account.ref or provider.open_account(key=f"account:{account.id}", reference=str(account.person_id))
        ready = provider.account_ready(ref)
        page = "" if ready or account.page else provider.account_page(account=ref, back=account.back)
    except ProviderDown:
        return
    except ProviderRefused:  # It opens none, as things are: asked again in a day, or when they try again.
        ref, ready, page = account.ref, False, ""
    seen = partial(payments.account_seen, account=account, ref=ref, ready=ready, page=page)
    write(organisation, lambda act: seen(act=act))


def look_at_means(watch: Watch, organisation: Organisation) -> int:
    """Open the pages on which people leave a card or an account to be kept, see what they left and whether it is still
    good, and have forgotten what they took away.
    """
    due, away = read(organisation, lambda: queries.means_to_look_at(at=now())), set[str]()
    return watch.each(organisation, "means", due, partial(_look_at_means, organisation, away))


def _look_at_means(organisation: Organisation, away: set[str], means: KeptMeans) -> None:
    provider = None if means.provider in away else provider_of(organisation, means.provider)
    if provider is None:
        return
    try:
        if means.state not in LIVE:
            _forget(provider, means)
            change = partial(payments.means_forgotten, means=means)
        else:
            page, kept = _means(provider, means, read(organisation, legal_identity))
            change = partial(payments.means_seen, means=means, page=page, kept=kept)
    except ProviderDown:
        away.add(means.provider)
        return
    except ProviderRefused:  # It keeps none of this kind, as things are: they see that nothing was kept.
        page = Page(ref=means.page, url="", until=now(), over=True, payer=means.payer)
        change = partial(payments.means_seen, means=means, page=page)
    write(organisation, lambda act: change(act=act))


def _means(provider: Provider, means: KeptMeans, legal: LegalIdentity | None) -> tuple[Page | None, Kept | None]:
    """Their page as it stands, opened if it was not; and what was left on it."""
    if means.ref:
        return None, provider.kept(means=means.ref, mandate=means.mandate)
    if means.page:
        page = provider.page(means.page)
    else:
        asked = Asked(
            key=f"means:{means.id}",
            amount=0,
            reference=str(means.id),
            text=means.person.organisation.name,
            ways=(means.kind,),
            name=means.person.full_name,
            email=legal.email if legal else "",
        )
        page = provider.open_keeping_page(asked, back=means.back, gave_up=means.back)
    return page, provider.kept(means=page.means, mandate=page.mandate) if page.means else None


def _forget(provider: Provider, means: KeptMeans) -> None:
    left = means.ref
    if means.page and not left:  # Taken away before it was kept: who has its page open leaves nothing on it.
        provider.close_page(key=f"means:{means.id}:close", page=means.page)
        left = provider.page(means.page).means
    if left:
        provider.forget(means=left)


def read_statements(watch: Watch, organisation: Organisation) -> int:
    """Each provider's own statement, to hold it against the books and the bank; returns how many could be read."""
    names = providers_of(organisation)
    return watch.each(organisation, "statement", names, partial(_read_statement, organisation))


def _read_statement(organisation: Organisation, name: str) -> None:
    provider = provider_of(organisation, name)
    rows = list(provider.movements(since=now() - READ_BACK)) if provider else []
    keep = partial(payments.keep_lines, provider=name, movements=rows)
    write(organisation, lambda act: keep(act=act))
