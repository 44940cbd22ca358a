"""Which payment providers an organisation has, from the operator's settings: their keys are in no database."""

from functools import lru_cache

from django.conf import settings

from entremise.kernel.clock import now
from entremise.payments.adapters.helloasso import HelloAsso
from entremise.payments.adapters.provider import Provider
from entremise.payments.adapters.stripe_api import Stripe
from entremise.tenancy.models import Organisation

STRIPE = "stripe"
HELLOASSO = "helloasso"


def providers_of(organisation: Organisation) -> list[str]:
    """Their names."""
    keys = {STRIPE: settings.STRIPE, HELLOASSO: settings.HELLOASSO}
    return [name for name, known in keys.items() if organisation.slug in known]


def takes_cards(organisation: Organisation) -> str:
    """The provider of what people owe, empty when the organisation has none."""
    return STRIPE if STRIPE in providers_of(organisation) else ""


def takes_gifts(organisation: Organisation) -> str:
    """The provider of what people give: HelloAsso, which takes nothing of it, else whoever takes cards."""
    return HELLOASSO if HELLOASSO in providers_of(organisation) else takes_cards(organisation)


def provider_of(organisation: Organisation, name: str) -> Provider | None:
    """The provider of this name, ready to be asked; None when the organisation has no account with it."""
    if name not in providers_of(organisation):
        return None
    if name == HELLOASSO:
        return _helloasso(settings.HELLOASSO[organisation.slug], settings.HELLOASSO_ADDRESS)
    key, _, webhook_secret = settings.STRIPE[organisation.slug].partition(",")
    return Stripe(key=key, webhook_secret=webhook_secret, address=settings.STRIPE_ADDRESS)


@lru_cache
def _helloasso(keys: str, address: str) -> HelloAsso:
    """One for all calls, with the token that it holds."""
    organisation, client_id, client_secret = keys.split(",")
    return HelloAsso(
        organisation=organisation, client_id=client_id, client_secret=client_secret, address=address, clock=now
    )
