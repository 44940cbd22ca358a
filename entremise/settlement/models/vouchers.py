from django.db import models

from entremise.payments.models import BankLine
from entremise.settlement.models.month import Invoice
from entremise.tenancy.base import TenantForeignKey, TenantModel


class VoucherBatch(TenantModel):
    """« Bordereau » : prepaid vouchers that we sent to be reimbursed together, and what came of it, in cents."""

    reference = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default="sent")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    fee = models.BigIntegerField(default=0)  # What the centre kept for itself.
    entry = models.UUIDField(null=True)  # In the ledger, once paid.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "reference"], name="voucher_batch_reference")]

    def __str__(self) -> str:
        return self.reference


class Voucher(TenantModel):
    """« CESU préfinancé » : a prepaid voucher that paid a part of an invoice, until its centre reimburses us."""

    class Form(models.TextChoices):
        PAPER = "paper"
        LOT = "lot"  # Paid on the issuer's site: one reference for all of it.

    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="vouchers")
    batch = TenantForeignKey(VoucherBatch, on_delete=models.PROTECT, null=True, related_name="vouchers")
    form = models.CharField(max_length=8, choices=Form.choices)
    issuer = models.CharField(max_length=20)  # A key of rules.vouchers.ISSUERS.
    number = models.CharField(max_length=40)
    vintage = models.PositiveSmallIntegerField()  # Year.
    amount = models.BigIntegerField()  # Minor units: the whole value.
    state = models.CharField(max_length=8, default="held")
    reason = models.CharField(max_length=200, blank=True)  # Of its return, or of the centre's refusal.
    key = models.CharField(max_length=120)
    entry = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "issuer", "number"],
                condition=~models.Q(state="returned"),
                name="voucher_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="voucher_amount"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "vintage"], name="voucher_state")]

    def __str__(self) -> str:
        return self.number


class GiftVoucher(TenantModel):
    """« Bon cadeau » : bought beforehand, spent on invoices by whoever has its code. What is left is its account's.

    Of a single purpose the service is known when it is sold, and so are its tax and our income; of several, it is a
    debt until it is spent.
    """

    class Kind(models.TextChoices):
        SINGLE = "single"
        MULTI = "multi"

    reference = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # Of its code, which is kept nowhere.
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.CharField(max_length=160, blank=True)  # The one service, as invoices call it.
    value = models.BigIntegerField()  # Minor units.
    buyer = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=12)  # cash, cheque, transfer
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    sold_on = models.DateField()
    expires_on = models.DateField()  # Its last day.
    state = models.CharField(max_length=10, default="live")
    key = models.CharField(max_length=120)
    sold_at = models.DateTimeField()
    sold_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="gift_voucher_reference"),
            models.UniqueConstraint(fields=["organisation", "digest"], name="gift_voucher_digest"),
            models.UniqueConstraint(fields=["organisation", "key"], name="gift_voucher_key"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="gift_voucher_value"),
        ]

    def __str__(self) -> str:
        return self.reference
