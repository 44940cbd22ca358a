from django.db import models

from entremise.buying.models.purchases import Article, Purchase, Share
from entremise.settlement.models import Invoice
from entremise.tenancy.base import TenantForeignKey, TenantModel


class SupplyLine(TenantModel):
    """Units of an article between the supplier and us: ordered, on their bill, really here; None before it is known.

    What of it each household receives is in their parcels.
    """

    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, related_name="supply")
    article = TenantForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    ordered = models.PositiveIntegerField()
    billed = models.PositiveIntegerField(null=True)
    received = models.PositiveIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "article"], name="supply_line_once")]
        indexes = [models.Index(fields=["organisation", "purchase"], name="supply_line_purchase")]


class Parcel(TenantModel):
    """What is put aside for one household, under a number of its own within the purchase.

    to: who collected it, when it was somebody else. key: of the tick that said so. invoice: of what was really given.
    """

    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, related_name="parcels")
    share = TenantForeignKey(Share, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="waiting")
    to = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=64, blank=True)
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # Collected, left or void.
    reason = models.CharField(max_length=200, blank=True)  # Why it was left before its time.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "share"], name="parcel_of_share"),
            models.UniqueConstraint(fields=["organisation", "purchase", "number"], name="parcel_number"),
        ]
        indexes = [models.Index(fields=["organisation", "purchase", "state"], name="parcel_state")]

    def __str__(self) -> str:
        return str(self.number)


class ParcelLine(TenantModel):
    """Units of an article in a parcel: planned, and really given once it has ended. price: minor units a unit."""

    parcel = TenantForeignKey(Parcel, on_delete=models.PROTECT, related_name="lines")
    article = TenantForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    planned = models.PositiveIntegerField()
    given = models.PositiveIntegerField(null=True)
    price = models.PositiveBigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "parcel", "article"], name="parcel_line_once"),
            models.CheckConstraint(
                condition=models.Q(given=None) | models.Q(given__lte=models.F("planned")),
                name="parcel_never_overfilled",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "article"], name="parcel_line_article")]

    @property
    def amount(self) -> int:
        """Minor units: of what was given, or would be."""
        return self.price * (self.planned if self.given is None else self.given)
