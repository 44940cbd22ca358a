from django.db import models

from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Listing(TenantModel):
    """A need or an offer: what, where, when, for whom. Known by a short number that people say aloud."""

    class Side(models.TextChoices):
        REQUEST = "request"
        OFFER = "offer"

    number = models.PositiveIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    what = models.CharField(max_length=40)  # A service's own word; jobs put the activity's code.
    title = models.CharField(max_length=120)
    details = models.CharField(max_length=500, blank=True)
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    street = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey("people.Place", on_delete=models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    recurrence = models.CharField(max_length=120, blank=True)  # RFC 5545 rule, local time of the organisation.
    slots = models.PositiveSmallIntegerField(default=1)  # How many people are needed.
    state = models.CharField(max_length=12, default="open")
    posted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="listing_number")]
        indexes = [
            models.Index(fields=["organisation", "side", "state", "starts_at"], name="listing_open"),
            models.Index(fields=["organisation", "person", "posted_at"], name="listing_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class Proposal(TenantModel):
    """A listing put to one person, and their answer. A slot is taken by the first valid yes, by constraint."""

    listing = TenantForeignKey(Listing, on_delete=models.PROTECT, related_name="proposals")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="offered")
    slot = models.PositiveSmallIntegerField(null=True)  # Set by a yes.
    round = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=8)
    offered_at = models.DateTimeField()
    deadline = models.DateTimeField()
    offered_by = models.UUIDField(null=True)  # Who commits the organisation.
    answered_at = models.DateTimeField(null=True)
    answered_door = models.CharField(max_length=10, blank=True)
    override = models.JSONField(default=dict, blank=True)  # Blocks waived: by whom, why, reference.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "listing", "person", "round"], name="proposal_once"),
            models.UniqueConstraint(
                fields=["organisation", "listing", "slot"],
                condition=models.Q(state="accepted"),
                name="proposal_slot_taken_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "person", "state"], name="proposal_person"),
            models.Index(fields=["organisation", "state", "deadline"], name="proposal_deadline"),
        ]
