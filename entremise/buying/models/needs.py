from django.db import models

from entremise.buying.models.purchases import Purchase
from entremise.buying.rules.tiers import Tier
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Brief(TenantModel):
    """What several people need, asked of suppliers together: they answer, whoever needs it votes, one is chosen.

    method: how votes are counted, a key of `rules.voting.METHODS`; like quorum (the fewest ballots that decide) it is
    said before anybody answers. counts: what matters beside the price, in words.
    """

    number = models.PositiveIntegerField()
    organiser = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120)
    about = models.CharField(max_length=1000)
    counts = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=30)  # « sac de 15 kg »: quantities and prices are of one.
    state = models.CharField(max_length=12, default="draft")
    method = models.CharField(max_length=8, default="approval")
    quorum = models.PositiveSmallIntegerField(default=1)
    answers_until = models.DateField()
    votes_until = models.DateField()
    chosen = TenantForeignKey("Tender", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # Why that one, or why none.
    decided_at = models.DateTimeField(null=True)
    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="brief_number"),
            models.CheckConstraint(
                condition=models.Q(votes_until__gte=models.F("answers_until")), name="brief_votes_after_answers"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="brief_state")]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class Need(TenantModel):
    """What somebody said they need, in their words. quantity: of `unit`, when they said one. pays: what one costs them
    today, minor units.
    """

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=30, blank=True)
    details = models.CharField(max_length=300, blank=True)
    pays = models.PositiveBigIntegerField(null=True)
    before = models.DateField(null=True)
    state = models.CharField(max_length=12, default="said")
    brief = TenantForeignKey(Brief, on_delete=models.PROTECT, null=True, related_name="needs")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "state", "said_at"], name="need_state"),
            models.Index(fields=["organisation", "person", "said_at"], name="need_person"),
            models.Index(fields=["organisation", "brief"], name="need_brief"),
        ]

    def __str__(self) -> str:
        return self.what


class Tender(TenantModel):
    """A supplier's answer to a brief, as it was given on its day; another one replaces it, nobody changes it.

    size: units in a box. minimum: the fewest units they deliver. tiers: as `Article.tiers`, by boxes, of the price of a
    unit, taxes included. delivery: minor units for all of it. lead_days: from the order to the delivery. The rest are
    the things that people may care for beside the price.
    """

    append_only = True

    brief = TenantForeignKey(Brief, on_delete=models.PROTECT, related_name="tenders")
    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    replaces = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    dated_at = models.DateTimeField()
    valid_until = models.DateField()
    size = models.PositiveIntegerField(default=1)
    minimum = models.PositiveIntegerField(default=1)
    tiers = models.JSONField(default=list)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=4)
    delivery = models.PositiveBigIntegerField(default=0)
    lead_days = models.PositiveSmallIntegerField(default=0)
    distance = models.PositiveSmallIntegerField(null=True)  # Kilometres from where it is made.
    origin = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=120, blank=True)
    employment = models.CharField(max_length=200, blank=True)
    quality = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "replaces"],
                condition=models.Q(replaces__isnull=False),
                name="tender_replaced_once",
            )
        ]
        indexes = [models.Index(fields=["organisation", "brief", "dated_at"], name="tender_brief")]

    def steps(self) -> list[Tier]:
        return [Tier(at_least, price) for at_least, price in self.tiers]


class TenderEnd(TenantModel):
    """A supplier took an answer back before it was chosen."""

    append_only = True

    tender = TenantForeignKey(Tender, on_delete=models.PROTECT, related_name="ended")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "tender"], name="tender_ended_once")]


class Ballot(TenantModel):
    """What one person says of the answers to a brief; until the vote ends they may say something else.

    choices: ids of answers; for a ranking the first is the one they like best.
    """

    brief = TenantForeignKey(Brief, on_delete=models.PROTECT, related_name="ballots")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    choices = models.JSONField(default=list)
    cast_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "brief", "person"], name="ballot_once")]
