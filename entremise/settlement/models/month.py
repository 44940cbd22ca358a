from django.db import models

from entremise.agreements.models import Agreement, Fulfilment
from entremise.documents.models import Document
from entremise.payments.models import BankFile, BankLine, Mandate
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Run(TenantModel):
    """The settlement of a month: one row per month, taken up again where it stopped."""

    month = models.DateField()  # Its first day.
    state = models.CharField(max_length=12, default="open")
    started_at = models.DateTimeField()
    started_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "month"], name="run_month")]


class Item(TenantModel):
    """What a run makes for one person: an invoice, a payslip, a supplier's papers. Done in one transaction each."""

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        PAYSLIP = "payslip"
        SUPPLIER = "supplier"  # Their invoices to clients, ours for the commission, and a statement.

    run = TenantForeignKey(Run, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    pass_number = models.PositiveSmallIntegerField(default=1)  # A later pass bills what was confirmed late.
    state = models.CharField(max_length=8, default="to_do")  # to_do, done, blocked
    reason = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "run", "kind", "person", "pass_number"], name="item_once")
        ]
        indexes = [models.Index(fields=["organisation", "run", "state"], name="item_state")]


class Invoice(TenantModel):
    """What a client owes for a month, or the credit note that takes some of it back. Frozen once issued."""

    append_only = True

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    number = models.CharField(max_length=40)
    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    corrects = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    month = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    total = models.BigIntegerField()  # Minor units, taxes included, positive for both kinds.
    vat = models.BigIntegerField(default=0)  # Of it.
    what = models.CharField(max_length=12, default="work")  # work, commission, goods
    role = models.CharField(max_length=14, default="own_sale")  # Of ours, as `payments.Intent.Role`.
    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # Of goods.
    split = models.JSONField(default=dict)  # Where each euro goes, minor units.
    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    entry = models.UUIDField()  # In the ledger.
    reason = models.CharField(max_length=200, blank=True)  # Of a credit note.
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="invoice_number")]
        indexes = [
            models.Index(fields=["organisation", "client", "month"], name="invoice_client"),
            models.Index(fields=["organisation", "month"], name="invoice_month"),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(TenantModel):
    """One mission, or some goods, on an invoice. A fulfilment is billed once, by constraint."""

    append_only = True

    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    fulfilment = TenantForeignKey(Fulfilment, on_delete=models.PROTECT, null=True, related_name="+")
    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    label = models.CharField(max_length=160)
    minutes = models.PositiveIntegerField(default=0)
    unit_price = models.BigIntegerField()  # Minor units an hour, or the amount itself when minutes is 0.
    amount = models.BigIntegerField()
    # Of goods. vat: in our share, at this rate, a fraction.
    units = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    vat_rate = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    vat = models.BigIntegerField(default=0)
    ours = models.BigIntegerField(default=0)
    corrects = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fulfilment"],
                condition=models.Q(fulfilment__isnull=False),
                name="billed_once",
            )
        ]


class SupplierInvoice(TenantModel):
    """What a client owes to somebody who works on their own account, drawn up in their name. No money of ours."""

    append_only = True

    number = models.CharField(max_length=40)  # Gapless in the supplier's own series.
    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    total = models.BigIntegerField()  # Minor units, taxes included.
    vat = models.BigIntegerField(default=0)
    commission = models.BigIntegerField()  # What we ask the supplier for it.
    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="supplier_invoice_number")]
        indexes = [
            models.Index(fields=["organisation", "supplier", "month"], name="supplier_invoice_supplier"),
            models.Index(fields=["organisation", "client", "month"], name="supplier_invoice_client"),
        ]

    def __str__(self) -> str:
        return self.number


class SupplierInvoiceLine(TenantModel):
    """One visit on it. A fulfilment is billed once, by constraint."""

    append_only = True

    invoice = TenantForeignKey(SupplierInvoice, on_delete=models.PROTECT, related_name="lines")
    fulfilment = TenantForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    label = models.CharField(max_length=160)
    minutes = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField()
    commission = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "fulfilment"], name="supplier_billed_once")]


class SupplierPaid(TenantModel):
    """The supplier says that a client has paid them."""

    append_only = True

    invoice = TenantForeignKey(SupplierInvoice, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField()
    said_by = models.UUIDField(null=True)
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice"], name="supplier_paid_once")]


class Payslip(TenantModel):
    """A worker's pay for a month, frozen once issued."""

    append_only = True

    number = models.CharField(max_length=40)
    worker = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    minutes = models.PositiveIntegerField()
    gross = models.BigIntegerField()  # Holiday included; all amounts in minor units.
    net = models.BigIntegerField()  # Before withholding tax.
    tips = models.BigIntegerField(default=0)  # What clients gave on top, of no contribution and no tax.
    paid = models.BigIntegerField()  # What reaches the account: after tax, tips included.
    employer_cost = models.BigIntegerField()
    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    entry = models.UUIDField()
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="payslip_number")]
        indexes = [
            models.Index(fields=["organisation", "worker", "month"], name="payslip_worker"),
            models.Index(fields=["organisation", "month"], name="payslip_month"),
        ]

    def __str__(self) -> str:
        return self.number


class PaidWork(TenantModel):
    """One mission on a payslip. A fulfilment is paid once, by constraint."""

    append_only = True

    payslip = TenantForeignKey(Payslip, on_delete=models.PROTECT, related_name="work")
    fulfilment = TenantForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    hourly = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "fulfilment"], name="paid_once")]


class Contribution(TenantModel):
    """One line of a payslip: what was withheld and what the organisation adds."""

    append_only = True

    payslip = TenantForeignKey(Payslip, on_delete=models.PROTECT, related_name="contributions")
    code = models.CharField(max_length=40)
    base = models.BigIntegerField()
    employee = models.BigIntegerField()
    employer = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "payslip", "code"], name="contribution_code")]


class Receipt(TenantModel):
    """Money that settled an invoice, whole or in part; a negative amount left again."""

    append_only = True

    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="receipts")
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    share = TenantForeignKey("settlement.PayerShare", on_delete=models.PROTECT, null=True, related_name="receipts")
    # transfer, debit, card, cash, cheque, cesu, credit_note; fund: an aid; gift: what the client left to a fund;
    # gift_voucher; deposit; kept: our commission, of what was paid for others; fee: of a refund, what the client bears.
    how = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    received_on = models.DateField()
    entry = models.UUIDField(null=True)
    key = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="receipt_key")]


class Payout(TenantModel):
    """A payslip's wage on its way to the worker: in a file, then paid on the bank's word; or handed over."""

    payslip = TenantForeignKey(Payslip, on_delete=models.PROTECT, related_name="payouts")
    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    how = models.CharField(max_length=12, default="transfer")  # transfer, cash, cheque
    iban = models.CharField(max_length=34, blank=True)
    state = models.CharField(max_length=12, default="ordered")
    hold = models.UUIDField(null=True)  # The pending transfer.
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "payslip"],
                condition=models.Q(state__in=["ordered", "paid"]),
                name="paid_out_once",
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="payout_state")]


class Debit(TenantModel):
    """An invoice, or an instalment of it, that we collect ourselves: announced to the client, in a file, then paid,
    refused or taken back.
    """

    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="debits")
    mandate = TenantForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35)  # On the debit: what the bank says comes back with it.
    amount = models.BigIntegerField()  # As announced; less in the file when some was paid meanwhile.
    collect_on = models.DateField()
    # What it is of a plan; else it is the whole invoice.
    instalment = TenantForeignKey("settlement.Instalment", on_delete=models.PROTECT, null=True, related_name="debits")
    state = models.CharField(max_length=12, default="announced")
    reason = models.CharField(max_length=35, blank=True)  # A code of ISO 20022, or why it was dropped.
    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.CharField(max_length=40, blank=True)  # Of the file, by its day.
    hold = models.UUIDField(null=True)  # The pending transfer.
    announced_at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    back_on = models.DateField(null=True)  # Refused or taken back.
    again_at = models.DateTimeField(null=True)  # A person said that it may be announced anew.
    paid_line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    back_line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="debit_reference"),
            models.UniqueConstraint(
                fields=["organisation", "invoice"],
                condition=models.Q(state__in=["announced", "ordered"]),
                name="debit_live_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "collect_on"], name="debit_state")]

    def __str__(self) -> str:
        return self.reference
