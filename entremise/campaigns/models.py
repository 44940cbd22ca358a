from django.db import models

from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Campaign(TenantModel):
    """Until a day people say what they would give. Enough of it, and it is done; too little, and nobody gives anything.

    kind: the service on top, in its own word. organiser: the member who runs it, when it is not the desk.
    measure: what counts towards the threshold, of `rules.MEASURES`.
    """

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    organiser = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="draft")
    measure = models.CharField(max_length=8)
    threshold = models.PositiveBigIntegerField()
    opens_at = models.DateTimeField()
    fills_at = models.DateTimeField(null=True)  # From then on only what helps the whole is taken.
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # Tipped, failed or called off.
    reason = models.CharField(max_length=200, blank=True)  # Why it was called off.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="campaign_number"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="campaign_closes_after_it_opens"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "closes_at"], name="campaign_state")]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class Lot(TenantModel):
    """One thing that a campaign can be pledged for, in whole units. capacity: units there are; without, as many as
    people want. taken: of a capacity.
    """

    campaign = TenantForeignKey(Campaign, on_delete=models.PROTECT, related_name="lots")
    place = models.PositiveSmallIntegerField()  # On the page.
    title = models.CharField(max_length=120)
    capacity = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "campaign", "place"], name="lot_place"),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(taken__lte=models.F("capacity")), name="lot_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Pledge(TenantModel):
    """What one household said it would give, in one campaign. What it wants are its lines.

    at_most: minor units it can come to. budget: a limit of their own on it. means: account (held on what they have with
    us), kept (a card or account kept with a provider), later (they pay when it is asked for). entry: of the hold.
    """

    class Means(models.TextChoices):
        ACCOUNT = "account"
        KEPT = "kept"
        LATER = "later"

    campaign = TenantForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="pledged")
    means = models.CharField(max_length=8, choices=Means.choices)
    at_most = models.PositiveBigIntegerField()
    budget = models.PositiveBigIntegerField(null=True)
    entry = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "campaign", "person"],
                condition=models.Q(state__in=("pledged", "confirmed", "charged")),
                name="pledge_live_once",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "campaign", "state"], name="pledge_campaign"),
            models.Index(fields=["organisation", "person", "made_at"], name="pledge_person"),
        ]


class PledgeLine(TenantModel):
    """What a pledge wants of one lot. quantity, tolerance: units. ceiling: the most they would pay for one."""

    pledge = TenantForeignKey(Pledge, on_delete=models.PROTECT, related_name="lines")
    lot = TenantForeignKey(Lot, on_delete=models.PROTECT, related_name="lines")
    quantity = models.PositiveIntegerField()
    tolerance = models.PositiveIntegerField(default=0)
    ceiling = models.PositiveBigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "pledge", "lot"], name="pledge_line_once")]
        indexes = [models.Index(fields=["organisation", "lot"], name="pledge_line_lot")]


class PledgeStep(TenantModel):
    """By how much a line of a pledge changed at one time: what was added then has the place of this row in the queue.

    quantity, tolerance: units, below nothing when they want less.
    """

    append_only = True

    line = TenantForeignKey(PledgeLine, on_delete=models.PROTECT, related_name="steps")
    quantity = models.IntegerField()
    tolerance = models.IntegerField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "line", "at"], name="pledge_step_line")]
