from django.db import models

from entremise.documents.models import Document
from entremise.market.models import Listing
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Agreement(TenantModel):
    """Parties and what they promised each other. Active once everybody who must sign has signed."""

    number = models.CharField(max_length=40)
    mode = models.CharField(max_length=40)  # The work mode, or another service's word.
    title = models.CharField(max_length=120)
    listing = TenantForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default="drawn_up")
    starts_on = models.DateField()
    ends_on = models.DateField()
    terms = models.JSONField(default=dict)  # What the mode's documents say beyond the promises.
    drawn_up_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="agreement_number")]
        indexes = [
            models.Index(fields=["organisation", "state", "starts_on"], name="agreement_state"),
            models.Index(fields=["organisation", "listing"], name="agreement_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class Party(TenantModel):
    """Someone bound by an agreement. Without a person: the organisation itself."""

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)  # organisation, worker, client…
    must_sign = models.BooleanField(default=True)
    document = TenantForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")  # What they sign.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "agreement", "role"], name="one_party_a_role")]
        indexes = [models.Index(fields=["organisation", "person"], name="party_person")]


class Promise(TenantModel):
    """Who gives what to whom. HOUR promises are counted in minutes, money promises in minor units an hour."""

    append_only = True

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="promises")
    giver = TenantForeignKey(Party, on_delete=models.PROTECT, related_name="gives")
    taker = TenantForeignKey(Party, on_delete=models.PROTECT, related_name="takes")
    kind = models.CharField(max_length=20)  # work, price, wage…
    asset = models.CharField(max_length=8)
    quantity = models.BigIntegerField()  # Minutes expected, or minor units an hour.
    due_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "agreement", "kind"], name="promise_kind")]


class Signature(TenantModel):
    """A party said yes to a document: by a link, on the coordinator's screen, or on paper that came back."""

    append_only = True

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    party = TenantForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    document = TenantForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10)  # link, screen, paper
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "party"], name="party_signs_once")]


class Fulfilment(TenantModel):
    """Work done under an agreement, or what is due for work that did not take place (kind, due, reason).

    Corrected by a new row that replaces it, never by a change.
    """

    append_only = True

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="fulfilments")
    occasion = models.UUIDField()  # Which mission of the agreement.
    day = models.DateField()
    minutes = models.PositiveIntegerField()  # Done, or paid all the same.
    kind = models.CharField(max_length=10, default="work")  # work, called_off, absent
    due = models.BigIntegerField(null=True)  # Instead of the price of the minutes; minor units.
    reason = models.CharField(max_length=200, blank=True)  # Why nothing is due, or less than the terms say.
    replaces = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=80)  # A phone that sends its queue twice logs once.
    by = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    door = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="fulfilment_key"),
            models.UniqueConstraint(
                fields=["organisation", "replaces"], condition=models.Q(replaces__isnull=False), name="replaced_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "occasion"], name="fulfilment_occasion"),
            models.Index(fields=["organisation", "day"], name="fulfilment_day"),
        ]


class Confirmation(TenantModel):
    """The client's answer to the hours: the same, different, or silence for as long as the organisation waits."""

    append_only = True

    fulfilment = TenantForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="confirmations")
    answer = models.CharField(max_length=10)  # agreed, differs, silent; terms: agreed with the agreement itself
    minutes = models.PositiveIntegerField()
    by = models.UUIDField(null=True)
    door = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "fulfilment"], name="confirmed_once")]


class Feedback(TenantModel):
    """What a party of an agreement says of one occasion to another; without `about`, of the organisation itself.

    Nobody but its writer sees it before it opens: once both have spoken, or when the time for it is over. It is read
    one by one by the two and by staff: no score is made of it, of anybody.
    """

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="feedback")
    occasion = models.UUIDField()
    writer = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10)
    answer = models.CharField(max_length=5, blank=True)  # well, fair, badly
    words = models.CharField(max_length=500, blank=True)
    opens_at = models.DateTimeField()  # At the latest.
    written_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=500, blank=True)  # Of whom it is about, once.
    replied_at = models.DateTimeField(null=True)
    contest = models.CharField(max_length=500, blank=True)  # Why whom it is about wants it taken back.
    contested_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)  # Why staff kept or withdrew it.
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "occasion", "writer"],
                condition=models.Q(about__isnull=False),
                name="feedback_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "occasion", "writer"],
                condition=models.Q(about__isnull=True),
                name="feedback_on_us_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "writer", "opens_at"], name="feedback_writer"),
            models.Index(fields=["organisation", "about", "opens_at"], name="feedback_about"),
            models.Index(fields=["organisation", "state", "opens_at"], name="feedback_due"),
        ]
