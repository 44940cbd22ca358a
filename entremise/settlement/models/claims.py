from django.db import models

from entremise.people.models import Person
from entremise.settlement.models.month import Invoice
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Pause(TenantModel):
    """Somebody said that a client is not reminded, of one invoice or of any: until a day, or until told."""

    class Why(models.TextChoices):
        CALL = "call"  # We have spoken.
        HARD_MONTH = "hard_month"
        CONTESTED = "contested"
        OTHER = "other"

    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="pauses")
    why = models.CharField(max_length=12, choices=Why.choices)
    note = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)  # Its last day.
    state = models.CharField(max_length=8, default="on")
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client"],
                condition=models.Q(state="on", invoice__isnull=True),
                name="pause_client_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "invoice"], condition=models.Q(state="on"), name="pause_invoice_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "client", "said_at"], name="pause_client")]


class Plan(TenantModel):
    """What a client owes of some invoices, in instalments that were agreed with them, free of charge (ADR 22).

    What is paid of it is what came in for its invoices. Renegotiated, another takes its place.
    """

    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    replaces = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    state = models.CharField(max_length=12, default="running")
    how = models.CharField(max_length=10)  # A door: phone means that they said yes aloud.
    key = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()
    agreed_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # Why it was cancelled or replaced.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="plan_key"),
            models.UniqueConstraint(
                fields=["organisation", "client"], condition=models.Q(state="running"), name="plan_running_once"
            ),
        ]


class PlanInvoice(TenantModel):
    """An invoice that a plan pays, and what was due of it when the plan was agreed, in cents."""

    append_only = True

    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="invoices")
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="plans")
    due = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "plan", "invoice"], name="plan_invoice_once")]


class Instalment(TenantModel):
    """One date of a plan."""

    append_only = True

    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()  # Minor units.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "plan", "number"], name="instalment_number")]


class Payer(TenantModel):
    """A body that pays for others: what kind it is, and how long it takes."""

    class Kind(models.TextChoices):
        CCAS = "ccas"  # Of a commune.
        DEPARTMENT = "department"  # The personal allowance for autonomy (APA), for one.
        EMPLOYER = "employer"
        SPONSOR = "sponsor"  # Of hours.
        MUTUAL = "mutual"
        OTHER = "other"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_days = models.PositiveSmallIntegerField()  # After the invoice is made.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="payer_person")]


class Undertaking(TenantModel):
    """« Prise en charge » : what a payer pays of somebody's invoices, for a time."""

    class How(models.TextChoices):
        PERCENT = "percent"
        PER_HOUR = "per_hour"
        PER_MONTH = "per_month"

    class Span(models.TextChoices):
        MONTH = "month"
        ALL = "all"

    payer = TenantForeignKey(Payer, on_delete=models.PROTECT, related_name="undertakings")
    beneficiary = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)
    value = models.PositiveIntegerField()  # Hundredths of a percent, or minor units.
    ceiling = models.PositiveIntegerField(null=True)  # Minor units a month.
    hours = models.PositiveIntegerField(null=True)  # Minutes, at most: the first ones that are billed.
    hours_span = models.CharField(max_length=5, choices=Span.choices, default=Span.MONTH)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # Its last day.
    reference = models.CharField(max_length=60, blank=True)  # The payer's own.
    state = models.CharField(max_length=8, default="on")
    noted_at = models.DateTimeField()
    noted_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "beneficiary", "starts_on"], name="undertaking_of")]


class PayerShare(TenantModel):
    """What a payer owes of an invoice; the client owes the rest. What it refuses is the client's again."""

    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="shares")
    undertaking = TenantForeignKey(Undertaking, on_delete=models.PROTECT, related_name="shares")
    reference = models.CharField(max_length=50)  # What the payer writes on the transfer.
    role = models.CharField(max_length=12, default="own_sale")  # What we are in it, as in a payment.
    asked = models.BigIntegerField()  # Minor units, on the invoice.
    amount = models.BigIntegerField()  # Of it, what was not refused.
    due_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)  # Of the latest refusal.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="share_reference"),
            models.UniqueConstraint(fields=["organisation", "invoice", "undertaking"], name="share_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, amount__lte=models.F("asked")), name="share_within"
            ),
        ]
