from django.db import models

from entremise.payments.models import Instruction
from entremise.people.models import Person
from entremise.settlement.models.month import Payslip
from entremise.tenancy.base import TenantForeignKey, TenantModel


class RefundFee(TenantModel):
    """What a provider keeps or asks of money that is given back through it, and who bears it.

    The payer's part is kept from what they get back; the organisation's is booked with the provider's fees already.
    """

    append_only = True

    class What(models.TextChoices):
        KEPT = "kept"  # Of the fee of the payment, which it does not give back.
        CHARGED = "charged"  # For giving back, on top.

    class Bearer(models.TextChoices):
        ORGANISATION = "organisation"
        CLIENT = "client"
        SUPPLIER = "supplier"  # Of a commission.

    refund = TenantForeignKey(Instruction, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    amount = models.BigIntegerField()  # Minor units.
    bearer = models.CharField(max_length=12, choices=Bearer.choices)
    reason = models.CharField(max_length=160, blank=True)
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "refund"], name="refund_fee_refund")]


class Tip(TenantModel):
    """« Remerciement » : what a client gives to whoever worked for them, after the job. It is the worker's, whole.

    Below nothing it takes one back that was a mistake.
    """

    append_only = True

    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    worker = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    occasion = models.UUIDField()  # The visit: a room above knows it.
    amount = models.BigIntegerField()  # Minor units.
    how = models.CharField(max_length=8)  # account, cash
    takes_back = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="taken_back")
    entry = models.UUIDField()
    key = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="tip_key"),
            models.UniqueConstraint(fields=["organisation", "takes_back"], name="tip_taken_back_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "worker", "given_at"], name="tip_worker"),
            models.Index(fields=["organisation", "occasion"], name="tip_occasion"),
        ]


class TipPaid(TenantModel):
    """A tip is on a payslip, and leaves with its wage."""

    append_only = True

    tip = TenantForeignKey(Tip, on_delete=models.PROTECT, related_name="paid")
    payslip = TenantForeignKey(Payslip, on_delete=models.PROTECT, related_name="tips_paid")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "tip"], name="tip_paid_once")]
