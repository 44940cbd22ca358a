from uuid import UUID

from django.db import models

from entremise.buying.rules.closing import Good
from entremise.buying.rules.tiers import Tier
from entremise.campaigns.models import Campaign, Lot, Pledge
from entremise.documents.models import Document
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Series(TenantModel):
    """A purchase that comes again, every so many weeks."""

    weeks = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(weeks__gte=1), name="series_has_a_rhythm")]


class Purchase(TenantModel):
    """What a group buys together, in one campaign: from whom, where it is handed over, how it is shared out.

    role: of the organisation towards the money (`payments.Intent.Role`): own sale, or agent of the supplier.
    strategy: a key of `rules.sharing_out.STRATEGIES`. order: the paper that its supplier was sent. series: of the
    purchases that come again, when it is one of them. seen: the digest of the preview that somebody confirmed;
    closed_at: when the last share of it was written down.
    """

    class Role(models.TextChoices):
        OWN_SALE = "own_sale"
        AGENT = "agent"

    class Pays(models.TextChoices):
        BEFORE = "before"  # Before the order leaves, or they are not of it.
        HANDOVER = "handover"

    campaign = TenantForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="planned")
    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    pays = models.CharField(max_length=8, choices=Pays.choices)
    strategy = models.CharField(max_length=8, default="queue")
    about = models.CharField(max_length=500, blank=True)
    where = models.CharField(max_length=120)
    handed_from = models.DateField()
    handed_until = models.DateField()
    seen = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)
    series = TenantForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="purchases")
    order = TenantForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "campaign"], name="purchase_campaign"),
            models.CheckConstraint(
                condition=models.Q(handed_until__gte=models.F("handed_from")), name="purchase_handed_over_in_order"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "series"], name="purchase_series")]

    def __str__(self) -> str:
        return self.where


class Article(TenantModel):
    """One thing that a purchase offers, as the supplier sells it: boxes of `size` units, cheaper by the tier.

    tiers: pairs of how much it takes (in `measure`: boxes or households) and the price of a unit then, minor units,
    taxes included. ours, carriage: minor units of that price, for the organisation and for the transport.
    """

    class Measure(models.TextChoices):
        BOXES = "boxes"
        HOUSEHOLDS = "households"

    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, related_name="articles")
    lot = TenantForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=30)  # « sac de 15 kg »
    size = models.PositiveIntegerField(default=1)
    measure = models.CharField(max_length=12, choices=Measure.choices, default=Measure.BOXES)
    tiers = models.JSONField(default=list)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=4)
    ours = models.PositiveBigIntegerField(default=0)
    carriage = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "lot"], name="article_lot")]

    def good(self) -> Good[UUID]:
        """As the rules know it, by its lot."""
        tiers = [Tier(at_least, price) for at_least, price in self.tiers]
        return Good(self.lot_id, self.size, self.measure, tiers)


class Share(TenantModel):
    """What one household's pledge came to when the purchase closed. amount: minor units."""

    append_only = True

    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, related_name="shares")
    pledge = TenantForeignKey(Pledge, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "pledge"], name="share_of_pledge")]
        indexes = [models.Index(fields=["organisation", "purchase"], name="share_purchase")]


class Allotment(TenantModel):
    """Units of an article that a share holds, none when it came to nothing. price: minor units a unit.

    too_dear: they had said that they would not pay this price.
    """

    append_only = True

    share = TenantForeignKey(Share, on_delete=models.PROTECT, related_name="allotments")
    article = TenantForeignKey(Article, on_delete=models.PROTECT, related_name="allotments")
    units = models.PositiveIntegerField()
    price = models.PositiveBigIntegerField()
    too_dear = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "share", "article"], name="allotment_once")]
        indexes = [models.Index(fields=["organisation", "article"], name="allotment_article")]
