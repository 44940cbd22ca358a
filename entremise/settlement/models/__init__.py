"""What is made of a month, and what is owed and promised of it."""

from entremise.settlement.models.buying import SupplierBill, SupplierBillLine
from entremise.settlement.models.charges import Charge
from entremise.settlement.models.claims import Instalment, Pause, Payer, PayerShare, Plan, PlanInvoice, Undertaking
from entremise.settlement.models.deposits import Deposit
from entremise.settlement.models.giving import RefundFee, Tip, TipPaid
from entremise.settlement.models.month import (
    Contribution,
    Debit,
    Invoice,
    InvoiceLine,
    Item,
    PaidWork,
    Payout,
    Payslip,
    Receipt,
    Run,
    SupplierInvoice,
    SupplierInvoiceLine,
    SupplierPaid,
)
from entremise.settlement.models.treasury import Approval, MemberAccount, Withdrawal
from entremise.settlement.models.vouchers import GiftVoucher, Voucher, VoucherBatch

__all__ = [
    "Approval",
    "Charge",
    "Contribution",
    "Debit",
    "Deposit",
    "GiftVoucher",
    "Instalment",
    "Invoice",
    "InvoiceLine",
    "Item",
    "MemberAccount",
    "PaidWork",
    "Pause",
    "Payer",
    "PayerShare",
    "Payout",
    "Payslip",
    "Plan",
    "PlanInvoice",
    "Receipt",
    "RefundFee",
    "Run",
    "SupplierBill",
    "SupplierBillLine",
    "SupplierInvoice",
    "SupplierInvoiceLine",
    "SupplierPaid",
    "Tip",
    "TipPaid",
    "Undertaking",
    "Voucher",
    "VoucherBatch",
    "Withdrawal",
]
