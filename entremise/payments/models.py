from django.db import models

from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class BankAccount(TenantModel):
    """Where someone is paid. The latest row counts; older ones stay, because past files named them."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "person", "since"], name="bank_account_person")]


class Mandate(TenantModel):
    """A client lets us collect what they owe from their account, until they say otherwise."""

    class How(models.TextChoices):
        PAPER = "paper"
        SITE = "site"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35)  # The unique mandate reference (RUM), on all that we tell them.
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=70)
    signed_on = models.DateField()
    how = models.CharField(max_length=5, choices=How.choices)
    document = models.UUIDField(null=True)  # The paper, with its scan.
    state = models.CharField(max_length=12, default="active")
    reason = models.CharField(max_length=60, blank=True)  # Why it rests, or ended.
    last_used_on = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="mandate_reference"),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(state__in=["active", "suspended"]),
                name="mandate_live_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BankFile(TenantModel):
    """What the bank sent, or what was made for it."""

    class Way(models.TextChoices):
        IN = "in"
        OUT = "out"

    way = models.CharField(max_length=3, choices=Way.choices)
    message = models.CharField(max_length=8, blank=True)  # pain.008, pain.002, camt.054; else a statement or wages.
    name = models.CharField(max_length=120)
    message_id = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    lines = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)  # Minor units; signed for statements.
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "way", "sha256"], name="bank_file_once")]


class BankLine(TenantModel):
    """A movement on the organisation's account. Read twice, it is still one row."""

    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=80)
    booked_on = models.DateField()
    amount = models.BigIntegerField()  # Minor units, positive when money came in.
    asset = models.CharField(max_length=8, default="EUR")
    reference = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=500, blank=True)
    counterparty = models.CharField(max_length=140, blank=True)
    counterparty_iban = models.CharField(max_length=34, blank=True)
    reversal = models.BooleanField(default=False)  # The bank takes an earlier movement back.
    return_code = models.CharField(max_length=35, blank=True)  # Why, in the four letters of ISO 20022.
    state = models.CharField(max_length=12, default="unmatched")  # unmatched, matched, set_aside
    reason = models.CharField(max_length=60, blank=True)  # Why it was matched, or could not be.
    entry = models.UUIDField(null=True)  # The ledger entry it became.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="bank_line_key")]
        indexes = [models.Index(fields=["organisation", "state", "booked_on"], name="bank_line_state")]
