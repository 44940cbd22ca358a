from django.db import models

from entremise.messaging.rules.sending import opens_a_door
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Letter(TenantModel):
    """A message to one person: a row first, carried by the clock afterwards."""

    class Channel(models.TextChoices):
        TEXT = "text"
        EMAIL = "email"
        POST = "post"
        VOICE = "voice"  # Somebody calls and reads it.

    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=300, blank=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    key = models.CharField(max_length=120)  # Why this letter exists, once: a repeated cause queues nothing.
    about = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, default="queued")
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)  # What the carrier said.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="letter_key")]
        indexes = [
            models.Index(fields=["organisation", "state", "due_at"], name="letter_due"),
            models.Index(fields=["organisation", "person", "queued_at"], name="letter_person"),
            models.Index(fields=["organisation", "about_id"], name="letter_about"),
        ]

    @property
    def shown(self) -> str:
        """Its words, for others than its addressee."""
        return "" if opens_a_door(self.template) else self.body


class Enclosure(TenantModel):
    """A document sent with a letter. The document is known by its id only: documents are a sibling room."""

    letter = TenantForeignKey(Letter, on_delete=models.CASCADE, related_name="enclosures")
    document = models.UUIDField()
    name = models.CharField(max_length=120)


class Incoming(TenantModel):
    """A message received. `waits` until understood and carried out, or read by a person."""

    key = models.CharField(max_length=120)  # The carrier's own reference: the same message twice is one row.
    channel = models.CharField(max_length=8, choices=Letter.Channel.choices)
    sender = models.CharField(max_length=120)
    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    received_at = models.DateTimeField()
    meaning = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="incoming_key")]
        indexes = [models.Index(fields=["organisation", "handled_at", "received_at"], name="incoming_waiting")]


class Call(TenantModel):
    """A phone call, logged first, even when nothing comes of it: unmet need is data."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    answered_by = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)  # request, call_back, question, nothing, wrong_number
    note = models.CharField(max_length=300, blank=True)
    about_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "started_at"], name="call_started")]


class Task(TenantModel):
    """Something a human must look at: call somebody, settle a difference, read a reply."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)  # The same cause asks once.
    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="task_key")]
        indexes = [models.Index(fields=["organisation", "done_at", "due_at"], name="task_open")]
