from datetime import UTC, datetime

from django.db import models

from entremise.kernel.ids import new_id
from entremise.tenancy.base import TenantModel


class Organisation(models.Model):
    """A social organisation with its own people, rules and look. Shared table: few rows, rarely written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    host = models.CharField(max_length=120, blank=True)  # Its own domain, when it has one; else slug.<base domain>.
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40, default="association_intermediaire")
    tagline = models.CharField(max_length=120, blank=True)
    town = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164, answered by a person.
    text_phone = models.CharField(max_length=20, blank=True)  # E.164, receives text messages.
    opening_hours = models.CharField(max_length=120, blank=True)
    hue_ink = models.PositiveSmallIntegerField(default=328)  # Degrees, OKLCH.
    hue_accent = models.PositiveSmallIntegerField(default=86)
    language = models.CharField(max_length=8, default="fr")
    country = models.CharField(max_length=2, default="FR")
    timezone = models.CharField(max_length=40, default="Europe/Paris")
    founded_at = models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC))
    demo = models.BooleanField(default=False)  # Made by `entremise demo`: only these may be remade.

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="organisation_host"),
        ]

    def __str__(self) -> str:
        return self.name


class LegalIdentity(TenantModel):
    """What contracts, invoices and files must say of the organisation."""

    legal_name = models.CharField(max_length=120)
    siret = models.CharField(max_length=14, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    creditor_id = models.CharField(max_length=35, blank=True)  # SEPA creditor identifier (ICS), to collect by debit.
    agreement_number = models.CharField(max_length=40, blank=True)  # State agreement (convention) as an AI.
    agreement_from = models.DateField(null=True, blank=True)
    agreement_to = models.DateField(null=True, blank=True)
    sap_number = models.CharField(max_length=20, blank=True)  # Personal services declaration.
    sap_date = models.DateField(null=True, blank=True)
    collective_agreement = models.CharField(max_length=120, blank=True)
    insurer = models.CharField(max_length=120, blank=True)
    signatory = models.CharField(max_length=80, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_legal_identity")]

    def __str__(self) -> str:
        return self.legal_name


class Counter(TenantModel):
    """The last number given in a series of an organisation. Locked by its UPDATE, so series have no gaps."""

    series = models.CharField(max_length=40)
    last = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "series"], name="counter_series")]
