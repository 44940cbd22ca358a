from django.db import models

from entremise.buying.models.purchases import Purchase, Series
from entremise.campaigns.models import Pledge
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Standing(TenantModel):
    """« The same each time »: what a household wants of every purchase of a series, until it says otherwise.

    partner: another household that takes turns with it; partners_turn: the next one is theirs. means, budget: as of
    `Pledge`, of the first household; the partner pays when it is asked for. skips: not the next time.
    after: the number of the last purchase that is no matter of it any more.
    """

    series = TenantForeignKey(Series, on_delete=models.PROTECT, related_name="standing")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    partner = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    partners_turn = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="active")
    means = models.CharField(max_length=8, choices=Pledge.Means.choices)
    budget = models.PositiveBigIntegerField(null=True)
    skips = models.BooleanField(default=False)
    after = models.PositiveIntegerField(default=0)
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "series", "person"],
                condition=models.Q(state__in=("active", "paused")),
                name="standing_live_once",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "series", "state"], name="standing_series"),
            models.Index(fields=["organisation", "person"], name="standing_person"),
            models.Index(fields=["organisation", "partner"], name="standing_partner"),
        ]

    @property
    def whose(self) -> Person:
        """Who orders next."""
        return self.partner if self.partner and self.partners_turn else self.person


class StandingLine(TenantModel):
    """What is wanted of one article each time, known by its words: each purchase has rows of its own for it."""

    standing = TenantForeignKey(Standing, on_delete=models.PROTECT, related_name="lines")
    title = models.CharField(max_length=120)
    unit = models.CharField(max_length=30)
    quantity = models.PositiveIntegerField()
    tolerance = models.PositiveIntegerField(default=0)
    ceiling = models.PositiveBigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "standing", "title", "unit"], name="standing_line_once")
        ]


class StandingTurn(TenantModel):
    """What came of a standing order in one purchase, once: placed, skipped, already (they had ordered themselves) or
    missed. person: whose turn it was. why: the code of the refusal when something else than articles was missing.
    """

    append_only = True

    standing = TenantForeignKey(Standing, on_delete=models.PROTECT, related_name="turns")
    purchase = TenantForeignKey(Purchase, on_delete=models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    pledge = TenantForeignKey(Pledge, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8)
    why = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "standing", "purchase"], name="standing_turn_once")
        ]
        indexes = [models.Index(fields=["organisation", "purchase"], name="standing_turn_purchase")]
