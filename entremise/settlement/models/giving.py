from django.db import models

from entremise.payments.models import Instruction
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
