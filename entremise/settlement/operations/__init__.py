"""Make a month's documents, take money in, pay it out."""

from entremise.settlement.operations.accounts import close_account, keep_overpaid, pay_from_account, pay_in
from entremise.settlement.operations.approving import withdraw_approval
from entremise.settlement.operations.bill_payments import (
    bill_by_hand,
    bill_paid,
    hand_over_bill,
    order_bills,
    recognise_bills,
    send_bill_back,
)
from entremise.settlement.operations.bills import (
    approve_bill,
    dispute_bill,
    resume_bill,
    withdraw_bill,
    write_bill,
)
from entremise.settlement.operations.certificates import issue_certificates
from entremise.settlement.operations.charges import choose_means, send_link, stop_charging, take_away, tell_charge
from entremise.settlement.operations.charging import charge_now
from entremise.settlement.operations.claiming import (
    claim_vouchers,
    pay_batch,
    refuse_voucher,
    reopen_batch,
    write_off_vouchers,
)
from entremise.settlement.operations.closing import close_books
from entremise.settlement.operations.collecting import (
    confirm_debit,
    debits_by_hand,
    reject_debit,
    return_debit,
)
from entremise.settlement.operations.credit import credit
from entremise.settlement.operations.debits import announce_debits, collect_again, drop_debit, order_debits
from entremise.settlement.operations.deposits import (
    ask_deposit,
    look_at_deposit,
    pay_deposit,
    receive_deposit,
    return_deposit,
    take_deposit,
    use_deposits,
    withdraw_deposit,
)
from entremise.settlement.operations.gifts import (
    lapse_gift_vouchers,
    return_gift_voucher,
    sell_gift_voucher,
    spend_gift_voucher,
    take_back_gift,
)
from entremise.settlement.operations.goods import bill_goods
from entremise.settlement.operations.looking import instruction_failed
from entremise.settlement.operations.mandates import draw_up_mandate, return_mandate
from entremise.settlement.operations.online import give_back_online, look_at_payment, pay_online
from entremise.settlement.operations.payer_lines import receive_shares
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
from entremise.settlement.operations.receipts import (
    give_back,
    give_up_surplus,
    pass_extra_on,
    receive_by_hand,
    receive_cash,
    receive_line,
    receive_lines,
    receive_parts,
    return_to_fund,
    settle_from_fund,
)
from entremise.settlement.operations.reminders import (
    drop_reminders,
    pause_reminders,
    remind,
    resume_reminders,
    send_reminder,
)
from entremise.settlement.operations.runs import block_item, finish_run, open_run, settle_item
from entremise.settlement.operations.supplied import look_at_supplied, passed_on, pay_supplier_online, refund_supplied
from entremise.settlement.operations.supplying import mark_supplier_paid
from entremise.settlement.operations.tips import give_tip, take_back_tip
from entremise.settlement.operations.undoing import unmatch_line
from entremise.settlement.operations.vouchers import hand_back_voucher, mind_vouchers, take_vouchers
from entremise.settlement.operations.withdrawing import (
    drop_withdrawal,
    order_withdrawals,
    recognise_withdrawals,
    reject_withdrawal,
    withdraw,
    withdrawal_by_hand,
    withdrawal_paid,
)

__all__ = [
    "agree_plan",
    "announce_debits",
    "approve_bill",
    "ask_deposit",
    "bill_by_hand",
    "bill_goods",
    "bill_paid",
    "block_item",
    "cancel_plan",
    "charge_now",
    "choose_means",
    "claim_vouchers",
    "close_account",
    "close_books",
    "collect_again",
    "confirm_debit",
    "credit",
    "debits_by_hand",
    "describe_payer",
    "dispute_bill",
    "draw_up_mandate",
    "drop_debit",
    "drop_reminders",
    "drop_withdrawal",
    "end_undertaking",
    "finish_run",
    "give_back",
    "give_back_online",
    "give_tip",
    "give_up_surplus",
    "hand_back_voucher",
    "hand_over",
    "hand_over_bill",
    "instruction_failed",
    "issue_certificates",
    "keep_overpaid",
    "lapse_gift_vouchers",
    "look_at_deposit",
    "look_at_payment",
    "look_at_supplied",
    "mark_supplier_paid",
    "mind_plan",
    "mind_vouchers",
    "note_proof",
    "open_run",
    "order_bills",
    "order_debits",
    "order_payouts",
    "order_withdrawals",
    "paid_out",
    "pass_extra_on",
    "passed_on",
    "pause_reminders",
    "pay_batch",
    "pay_deposit",
    "pay_from_account",
    "pay_in",
    "pay_online",
    "pay_supplier_online",
    "receive_by_hand",
    "receive_cash",
    "receive_deposit",
    "receive_line",
    "receive_lines",
    "receive_parts",
    "receive_share",
    "receive_shares",
    "recognise_bills",
    "recognise_payouts",
    "recognise_withdrawals",
    "refund_supplied",
    "refuse_share",
    "refuse_voucher",
    "reject_debit",
    "reject_payout",
    "reject_withdrawal",
    "remind",
    "remind_payer",
    "reopen_batch",
    "resume_bill",
    "resume_reminders",
    "return_debit",
    "return_deposit",
    "return_gift_voucher",
    "return_mandate",
    "return_to_fund",
    "sell_gift_voucher",
    "send_back",
    "send_bill_back",
    "send_link",
    "send_reminder",
    "settle_from_fund",
    "settle_item",
    "spend_gift_voucher",
    "stop_charging",
    "take_away",
    "take_back_gift",
    "take_back_tip",
    "take_deposit",
    "take_vouchers",
    "tell_charge",
    "undertake",
    "unmatch_line",
    "use_deposits",
    "wages_by_hand",
    "withdraw",
    "withdraw_approval",
    "withdraw_bill",
    "withdraw_deposit",
    "withdrawal_by_hand",
    "withdrawal_paid",
    "write_bill",
    "write_off_vouchers",
]
