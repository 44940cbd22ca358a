"""Accounts that people have with a provider, for it to pay them."""

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.payments.models import ProviderAccount
from entremise.payments.rules.accounts import PROVIDER_ACCOUNT, look_again
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


def ask_account(*, act: Act, person: Person, provider: str, back: str) -> ProviderAccount:
    """Somebody wants a provider to pay them: an account with it, and its page where they say who they are.

    Asked again, it is the same account and a new page. back: where that page leads.
    """
    require(act, Verb.PROVIDER_ACCOUNTS_ASK, owner=person.id)
    state, fact = PROVIDER_ACCOUNT.step("", "ask")
    account, new = ProviderAccount.objects.get_or_create(
        provider=provider, person=person, defaults={"state": state, "asked_at": act.at}
    )
    account.page, account.page_at, account.look_at, account.back = "", None, act.at, back
    account.save(update_fields=["page", "page_at", "look_at", "back"])
    if new:
        record(act=act, type=fact, thing="person", thing_id=person.id, data={"provider": provider})
    return account


def account_seen(*, act: Act, account: ProviderAccount, ref: str, ready: bool, page: str) -> ProviderAccount:
    """What the provider says of it. page: where its owner says who they are, when one was opened."""
    require(act, Verb.PAYMENTS_CARRY)
    row = ProviderAccount.objects.select_for_update().get(id=account.id)
    row.ref = ref
    if row.look_at == account.look_at:  # Else they asked again meanwhile, and are looked at again.
        if page:
            row.page, row.page_at = page, act.at
        row.look_at = look_again(row.state, row.page_at, act.at)
    verb = {("asked", True): "complete", ("ready", False): "lack"}.get((row.state, ready))
    if verb:
        row.state, fact = PROVIDER_ACCOUNT.step(row.state, verb)
        record(act=act, type=fact, thing="person", thing_id=row.person_id, data={"provider": row.provider})
    row.save()
    return row
