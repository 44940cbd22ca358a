from django.db import models

from entremise.payments.models import Intent, KeptMeans
from entremise.people.models import Person
from entremise.settlement.models.claims import Instalment
from entremise.settlement.models.deposits import Deposit
from entremise.settlement.models.month import Invoice
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Charge(TenantModel):
    """What a client was told will be charged to the means that they keep, and on which day: of an invoice, one
    instalment of a plan if it is, or of a deposit. Minor units, at most.
    """

    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    means = TenantForeignKey(KeptMeans, on_delete=models.PROTECT, related_name="+")
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    instalment = TenantForeignKey(Instalment, on_delete=models.PROTECT, null=True, related_name="+")
    deposit = TenantForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    collect_on = models.DateField()
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=60, blank=True)  # Why it was dropped, or failed; the provider's word for it.
    intent = TenantForeignKey(Intent, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "invoice"],
                condition=models.Q(state__in=["told", "asked"], invoice__isnull=False),
                name="charge_live_invoice",
            ),
            models.UniqueConstraint(
                fields=["organisation", "deposit"],
                condition=models.Q(state__in=["told", "asked"], deposit__isnull=False),
                name="charge_live_deposit",
            ),
            models.UniqueConstraint(fields=["organisation", "intent"], name="charge_intent"),
            models.CheckConstraint(
                condition=models.Q(invoice__isnull=True, deposit__isnull=False)
                | models.Q(invoice__isnull=False, deposit__isnull=True),
                name="charge_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "collect_on"], name="charge_state"),
            models.Index(fields=["organisation", "client"], name="charge_client"),
        ]

    @property
    def what(self) -> str:
        """As its client knows it: the number of the invoice, or what the work is called."""
        return self.invoice.number if self.invoice else self.deposit.agreement.title if self.deposit else ""
