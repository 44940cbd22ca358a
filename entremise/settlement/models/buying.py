from django.db import models

from entremise.payments.models import BankFile
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class SupplierBill(TenantModel):
    """What a supplier bills us: written down, approved, and paid like a wage is. Its amounts never change."""

    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)  # Theirs.
    reference = models.CharField(max_length=35)  # Ours: on the transfer, what the bank says comes back with it.
    dated_on = models.DateField()
    due_on = models.DateField()
    role = models.CharField(max_length=14)  # own_sale: we bought to sell; agent: their clients paid it through us.
    total = models.BigIntegerField()  # Minor units, taxes included.
    entry = models.UUIDField()  # In the ledger.
    state = models.CharField(max_length=12)
    how = models.CharField(max_length=12, blank=True)  # transfer, cash, cheque
    iban = models.CharField(max_length=34, blank=True)
    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="+")
    hold = models.UUIDField(null=True)  # The pending transfer; once paid, what was posted.
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    paid_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # Why it is disputed, or was taken back.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "supplier", "number"],
                condition=~models.Q(state="withdrawn"),
                name="supplier_bill_number",
            ),
            models.UniqueConstraint(fields=["organisation", "reference"], name="supplier_bill_reference"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "due_on"], name="supplier_bill_state")]

    def __str__(self) -> str:
        return self.number


class SupplierBillLine(TenantModel):
    """What it bills at one rate of VAT."""

    append_only = True

    bill = TenantForeignKey(SupplierBill, on_delete=models.PROTECT, related_name="lines")
    label = models.CharField(max_length=160)
    vat_rate = models.DecimalField(max_digits=6, decimal_places=4)  # A fraction.
    net = models.BigIntegerField()  # Minor units, without VAT.
    vat = models.BigIntegerField()
