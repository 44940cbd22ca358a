from django.db import models

from entremise.payments.models import BankFile
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Approval(TenantModel):
    """A payment file that one person prepared and that moves much money: a second person agrees before it is made.

    digest: of what they saw. Another content or day needs another approval.
    """

    class Kind(models.TextChoices):
        WAGES = "wages"
        DEBITS = "debits"
        WITHDRAWALS = "withdrawals"
        BILLS = "bills"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    execution_on = models.DateField(null=True)  # Debits each have their own.
    count = models.PositiveIntegerField()
    total = models.BigIntegerField()  # Cents.
    state = models.CharField(max_length=12, default="waiting")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], condition=models.Q(state="waiting"), name="approval_one_waits"
            )
        ]


class MemberAccount(TenantModel):
    """Money that a person has with us: paid in ahead, or paid too much. What it holds, the ledger says."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="open")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="member_account_once")]


class Withdrawal(TenantModel):
    """Money that leaves somebody's account for them: asked for, in a file, paid on the bank's word; or in coins."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35)  # On the transfer: what the bank says comes back with it.
    amount = models.BigIntegerField()
    how = models.CharField(max_length=12)  # transfer, cash
    state = models.CharField(max_length=12, default="asked")
    iban = models.CharField(max_length=34, blank=True)
    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="+")
    hold = models.UUIDField()  # The pending transfer; of coins the one that was posted.
    key = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    paid_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="withdrawal_reference"),
            models.UniqueConstraint(fields=["organisation", "key"], name="withdrawal_key"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="withdrawal_state")]

    def __str__(self) -> str:
        return self.reference
