"""Make a month's documents, take money in, pay it out."""

from entremise.settlement.operations.closing import close_books
from entremise.settlement.operations.collecting import (
    confirm_debit,
    debits_by_hand,
    reject_debit,
    return_debit,
)
from entremise.settlement.operations.credit import credit
from entremise.settlement.operations.debits import announce_debits, collect_again, drop_debit, order_debits
from entremise.settlement.operations.mandates import draw_up_mandate, return_mandate
from entremise.settlement.operations.online import give_back_online, instruction_failed, look_at_payment, pay_online
from entremise.settlement.operations.payers import (
    describe_payer,
    end_undertaking,
    receive_share,
    refuse_share,
    remind_payer,
    undertake,
)
from entremise.settlement.operations.payouts import (
    hand_over,
    order_payouts,
    paid_out,
    recognise_payouts,
    reject_payout,
    send_back,
    wages_by_hand,
)
from entremise.settlement.operations.plans import agree_plan, cancel_plan, mind_plan
from entremise.settlement.operations.proving import note_proof
from entremise.settlement.operations.receipts import give_back, receive_by_hand, receive_cash, receive_line
from entremise.settlement.operations.reminders import pause_reminders, remind, resume_reminders, send_reminder
from entremise.settlement.operations.runs import block_item, finish_run, open_run, settle_item
from entremise.settlement.operations.supplying import mark_supplier_paid

__all__ = [
    "agree_plan",
    "announce_debits",
    "block_item",
    "cancel_plan",
    "close_books",
    "collect_again",
    "confirm_debit",
    "credit",
    "debits_by_hand",
    "describe_payer",
    "draw_up_mandate",
    "drop_debit",
    "end_undertaking",
    "finish_run",
    "give_back",
    "give_back_online",
    "hand_over",
    "instruction_failed",
    "look_at_payment",
    "mark_supplier_paid",
    "mind_plan",
    "note_proof",
    "open_run",
    "order_debits",
    "order_payouts",
    "paid_out",
    "pause_reminders",
    "pay_online",
    "receive_by_hand",
    "receive_cash",
    "receive_line",
    "receive_share",
    "recognise_payouts",
    "refuse_share",
    "reject_debit",
    "reject_payout",
    "remind",
    "remind_payer",
    "resume_reminders",
    "return_debit",
    "return_mandate",
    "send_back",
    "send_reminder",
    "settle_item",
    "undertake",
    "wages_by_hand",
]
