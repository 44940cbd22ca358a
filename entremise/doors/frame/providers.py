"""Which payment provider an organisation has, from the operator's settings: its keys are in no database."""

from django.conf import settings

from entremise.payments.adapters.provider import Provider
from entremise.payments.adapters.stripe_api import Stripe
from entremise.tenancy.models import Organisation

STRIPE = "stripe"


def takes_cards(organisation: Organisation) -> str:
    """The provider's name, empty when the organisation has none."""
    return STRIPE if organisation.slug in settings.STRIPE else ""


def provider_of(organisation: Organisation, name: str) -> Provider | None:
    """The provider of this name, ready to be asked; None when the organisation has no account with it."""
    if name != STRIPE or organisation.slug not in settings.STRIPE:
        return None
    key, _, webhook_secret = settings.STRIPE[organisation.slug].partition(",")
    return Stripe(key=key, webhook_secret=webhook_secret, address=settings.STRIPE_ADDRESS)
