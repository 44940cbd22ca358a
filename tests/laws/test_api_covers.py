"""What the desk and a person can write on their pages, a program can write at the API (docs/adr/0013).

Every address of the desk and the site that writes is either an operation of the API or named here with its reason.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from entremise.doors.api.document import document
from entremise.doors.frame.visit import anyone
from entremise.doors.frame.ways import read, write
from tests.laws.tree import clean

# Address by its name → the operations that do the same for a job, and more of it together where the page is one form.
SAME = {
    "desk:task": "completeTask handleMessage",
    "desk:call": "createPerson createRequest logCall",
    "desk:spreading": "proposeRound",
    "desk:identify": "identifyRequest",
    "desk:propose": "proposeRequest",
    "desk:answer": "answerProposal",
    "desk:quote": "sendQuote",
    "desk:answer_quote": "answerQuote",
    "desk:amend": "amendRequest",
    "desk:publicity": "setPublicity",
    "desk:cancel": "cancelRequest",
    "desk:renew": "renewRequest",
    "desk:seek_another": "replaceWorker",
    "desk:give_up": "giveUpRequest",
    "desk:offer": "reviseOffer",
    "desk:open_offer": "openOffer",
    "desk:pause_offer": "pauseOffer",
    "desk:resume_offer": "resumeOffer",
    "desk:end_offer": "endOffer",
    "desk:book_offer": "book",
    "desk:withdraw": "withdrawWorker",
    "desk:cancel_visit": "cancelMission",
    "desk:absence": "reportAbsence",
    "desk:move_visit": "moveMission",
    "desk:replace_once": "replaceOnce",
    "desk:differ": "setDay",
    "desk:waive": "waiveFee",
    "site:forgo": "waiveFee",
    "desk:give_feedback": "giveFeedback",
    "desk:reply_feedback": "replyToFeedback",
    "desk:contest_feedback": "contestFeedback",
    "desk:decide_feedback": "decideFeedback",
    "desk:log_hours": "logHours",
    "desk:confirm_hours": "confirmHours",
    "desk:settle_hours": "decideHours",
    "desk:add_person": "createPerson",
    "desk:change_person": "changePerson",
    "desk:worker": "describeWork",
    "desk:supplier": "describeBusiness",
    "desk:person_offers": "createOffer",
    "desk:free_times": "setFreeTimes",
    "desk:free_moment": "addFreeMoment",
    "desk:remove_free_moment": "removeFreeMoment",
    "desk:add_contact": "addContact",
    "desk:remove_contact": "removeContact",
    "desk:texts": "setTexts",
    "desk:give_role": "giveRole",
    "desk:end_role": "endRole",
    "desk:paper": "showPaper",
    "desk:consent": "recordConsent",
    "desk:bank_account": "setBankAccount",
    "desk:contract": "signAgreement",
    "desk:signed_paper": "returnPaper",
    "desk:payroll": "settleMonth",
    "desk:hand_over": "handOver",
    "desk:send_back": "sendBack",
    "desk:credit": "creditInvoice",
    "desk:cash": "receiveCash",
    "desk:open_together": "openPurchase",
    "desk:call_off_together": "callOffPurchase",
    "desk:together_order": "makePledge",
    "desk:withdraw_order": "withdrawPledge",
    "desk:together_closing": "closePurchase",
    "desk:fail_together": "failPurchase",
    "site:answer_job": "showInterest",
    "site:save_search": "saveSearch",
    "site:change_search": "changeSearch",
    "site:remove_search": "removeSearch",
    "site:ask_check": "createRequest",
    "site:offer_ask": "askPerson",
    "site:offer_book": "book",
    "site:speak": "changePerson",
    "site:answer": "answerProposal",
    "site:send_quote": "sendQuote",
    "site:answer_quote": "answerQuote",
    "site:log_hours": "logHours",
    "site:late": "runLate",
    "site:new_offer": "createOffer",
    "site:my_offer": "reviseOffer",
    "site:pause_offer": "pauseOffer",
    "site:resume_offer": "resumeOffer",
    "site:end_offer": "endOffer",
    "site:free_times": "setFreeTimes",
    "site:free_moment": "addFreeMoment",
    "site:remove_free_moment": "removeFreeMoment",
    "site:supplier_paid": "markSalePaid",
    "site:confirm_hours": "confirmHours",
    "site:call_off": "cancelMission",
    "site:give_feedback": "giveFeedback",
    "site:reply_feedback": "replyToFeedback",
    "site:contest_feedback": "contestFeedback",
    "site:sign": "signAgreement",
}
A_STEP = "One question of the form that createRequest asks at once."
SIGN_IN = "How people come in with a telephone or a card; a program has its key, and lets nobody in."
BANK = "The bank's own files and the books: of whoever holds the account, not of a job."
TOGETHER = "A household's word about what it will pay, on its own page or to a person: no program orders for people."
BILLS = "Bills of suppliers: whoever holds the account reads them on paper, agrees, and pays; not of a job."
THANKS = "A present from one person to another: they give it themselves, or say so at the counter."
COUNTER = "Somebody's own money: they ask for it themselves, or stand at the counter."
MANDATE = "Signed by whoever holds the account, on their own page or on paper: no program lets us collect from people."
TABLE = "Why somebody needs help is read by people, and decided by people around a table: no program reads or votes."
FUNDS = "Gifts and statements of funds: of whoever holds the till and the books, not of a job."
WORD = "A human's word about what somebody owes, said at the desk or on one's own page; no program asks people to pay."
PAYER = "What another body pays of somebody's invoices: a letter that a person at the desk reads and decides upon."
VOUCHERS = "Paper in somebody's hand: taken over the counter, counted, and sent to the centre that reimburses it."
TOGETHER = "Boxes on a table and people in front of them: counted, handed over and ticked by whoever stands there."
CARE = "What somebody is helped with, and their money for it: people at the desk keep it, and no program reads it."
GIFTS = "A code in somebody's hand, shown once: no program sells it, or tries codes."
NEED = "What somebody needs, answers to it and votes on them: each person's own word, on their page or by telephone."
SET_UP = "How the organisation is set up, by its direction; no job."
FILES = "Files for people; a program reads the lists themselves, page after page."
# Address by its name → why no operation does the same.
ELSEWHERE = {
    "site:ask_need": A_STEP,
    "site:ask_details": A_STEP,
    "site:ask_when": A_STEP,
    "site:ask_you": A_STEP,
    "site:enter": SIGN_IN,
    "site:code": SIGN_IN,
    "site:who": SIGN_IN,
    "site:link": SIGN_IN,
    "site:leave": SIGN_IN,
    "site:leave_everywhere": SIGN_IN,
    "desk:code_card": SIGN_IN,
    "desk:end_visits": SIGN_IN,
    "desk:bank": BANK,
    "desk:match": BANK,
    "desk:set_aside": BANK,
    "desk:receive_line": BANK,
    "desk:line_shares": BANK,
    "desk:thank": THANKS,
    "desk:take_back_tip": THANKS,
    "site:thank": THANKS,
    "desk:undo_line": BANK,
    "desk:withdraw_rule": BANK,
    "desk:pay": BANK,
    "desk:closing": BANK,
    "desk:certificates": BANK,
    **dict.fromkeys(
        (
            "desk:new_purchase",
            "desk:approve_bill",
            "desk:dispute_bill",
            "desk:resume_bill",
            "desk:withdraw_bill",
            "desk:hand_over_bill",
            "desk:bill_back",
            "desk:pay_bills",
        ),
        BILLS,
    ),
    **dict.fromkeys(
        (
            "desk:needs",
            "desk:withdraw_need",
            "desk:new_brief",
            "desk:ask_suppliers",
            "desk:invite_supplier",
            "desk:gather_needs",
            "desk:tender",
            "desk:open_ballot",
            "desk:ballot",
            "desk:choose_tender",
            "desk:give_up_brief",
            "site:cast_ballot",
            "site:needs",
            "site:withdraw_need",
            "site:tender",
            "site:end_tender",
        ),
        NEED,
    ),
    "desk:withdrawals": BANK,
    "desk:drop_withdrawal": BANK,
    "desk:pay_in": COUNTER,
    "desk:keep_overpaid": COUNTER,
    "desk:use_account": COUNTER,
    "desk:withdraw_money": COUNTER,
    "desk:close_account": COUNTER,
    "desk:deposit": WORD,
    "desk:deposit_in": COUNTER,
    "desk:deposit_take": WORD,
    "desk:deposit_withdraw": WORD,
    "desk:deposit_left": WORD,
    "desk:deposit_to_card": BANK,
    "site:deposit": COUNTER,
    "site:card_account": MANDATE,
    "site:pay_supplier": COUNTER,
    "desk:supplied": BANK,
    "site:keep_overpaid": COUNTER,
    "site:use_account": COUNTER,
    "site:withdraw_money": COUNTER,
    "site:drop_withdrawal": COUNTER,
    "desk:withdraw_approval": BANK,
    "desk:debits": BANK,
    "desk:order_debits": BANK,
    "desk:drop_debit": BANK,
    "desk:debit_back": BANK,
    "desk:collect_again": BANK,
    "desk:mandate": MANDATE,
    "desk:print_mandate": MANDATE,
    "desk:revoke_mandate": MANDATE,
    "desk:resume_mandate": MANDATE,
    "site:mandate": MANDATE,
    "site:revoke_mandate": MANDATE,
    "site:means": MANDATE,
    "site:means_pay": MANDATE,
    "site:means_stop": MANDATE,
    "site:means_remove": MANDATE,
    "desk:means_link": MANDATE,
    "desk:means_stop": MANDATE,
    "desk:means_remove": MANDATE,
    **dict.fromkeys(
        (
            "desk:new_help",
            "desk:award_votes",
            "desk:award_grant",
            "desk:award_refusal",
            "desk:award_appeal",
            "desk:award_withdrawal",
            "desk:award_release",
            "desk:rules",
            "desk:rules_votes",
            "desk:rules_decision",
            "desk:committee",
            "desk:leave_seat",
            "site:help_asked",
            "site:appeal",
            "site:withdraw_help",
            "site:vote",
            "desk:items",
            "desk:prices",
            "desk:band_places",
            "desk:ask_price",
            "desk:ease_price",
            "desk:leave_price",
            "site:ask_price",
            "site:ease_price",
            "site:leave_price",
        ),
        TABLE,
    ),
    **dict.fromkeys(
        (
            "desk:new_fund",
            "desk:close_fund",
            "desk:gifts",
            "desk:take_gift_back",
            "desk:share_commission",
            "desk:leave_surplus",
            "desk:contributions",
            "site:add_for_others",
            "desk:award_payment",
            "desk:award_payment_back",
            "desk:price_payment_back",
            "desk:fund_year",
        ),
        FUNDS,
    ),
    **dict.fromkeys(
        (
            "desk:take_vouchers",
            "desk:hand_back_voucher",
            "desk:vouchers",
            "desk:refuse_voucher",
            "desk:pay_batch",
            "desk:reopen_batch",
            "desk:write_off_vouchers",
        ),
        VOUCHERS,
    ),
    **dict.fromkeys(
        (
            "desk:gift_vouchers",
            "desk:print_gift_voucher",
            "desk:return_gift_voucher",
            "desk:lapse_gift_vouchers",
            "desk:spend_gift_voucher",
            "desk:take_back_gift",
            "site:spend_gift_voucher",
        ),
        GIFTS,
    ),
    **dict.fromkeys(
        (
            "desk:order_supply",
            "desk:receive_supply",
            "desk:supply_billed",
            "desk:move_handover",
            "desk:finish_purchase",
            "desk:together_parcel",
            "desk:leave_parcel",
        ),
        TOGETHER,
    ),
    **dict.fromkeys(
        (
            "desk:new_pool",
            "desk:blocks",
            "desk:end_block",
            "desk:budget_in",
            "desk:allow_outcome",
            "desk:end_outcome",
            "desk:leave_pool",
            "desk:care_session",
            "desk:cancel_care",
            "desk:pool_rate",
            "desk:new_budget",
            "desk:plan_care",
            "desk:close_pool",
            "desk:care_statements",
            "site:leave_my_pool",
        ),
        CARE,
    ),
    "desk:plan": WORD,
    "desk:cancel_plan": WORD,
    "site:plan": WORD,
    "desk:payer": PAYER,
    "desk:remind_payer": PAYER,
    "desk:undertakings": PAYER,
    "desk:end_undertaking": PAYER,
    "desk:receive_share": PAYER,
    "desk:refuse_share": PAYER,
    "desk:reminder": WORD,
    "desk:pause_reminders": WORD,
    "desk:resume_reminders": WORD,
    "site:trouble": WORD,
    "desk:new_together": "A plan that an organiser writes once, with the supplier's quote at hand.",
    "desk:account": SET_UP,
    "desk:activities": SET_UP,
    "desk:cover_place": SET_UP,
    "desk:figures": SET_UP,
    "desk:identity": SET_UP,
    "desk:programs": SET_UP,
    "desk:shut_out": SET_UP,
    "desk:tariffs": SET_UP,
    "desk:imports": FILES,
    "desk:exports": FILES,
    "site:exports": FILES,
    "desk:refund": "Money leaves at once; somebody looks at the invoice while they send it back.",
    "site:order": TOGETHER,
    "site:withdraw_order": TOGETHER,
    "site:give": "A giver needs a browser: the provider's page follows.",
    "site:pay": "A payer needs a browser: the provider's page follows.",
    "desk:first_steps": "Hides a box on somebody's screen.",
}


def writing(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from writing(pattern.url_patterns, pattern.namespace or namespace)
        elif namespace in ("desk", "site") and "POST" in getattr(pattern.callback, "ways", {}):
            yield f"{namespace}:{pattern.name}"


def uncovered(names: Iterable[str], operations: Iterable[str], same: Mapping[str, str]) -> Iterator[str]:
    known, offered = set(names), set(operations)
    for name in sorted(known - set(same) - set(ELSEWHERE)):
        yield f"{name}: give the API an operation that does the same, or say here why there is none"
    for name in sorted((set(same) | set(ELSEWHERE)) - known):
        yield f"{name}: no such address writes any more; take its row away"
    for name, does in same.items():
        for operation in sorted(set(does.split()) - offered):
            yield f"{name}: the API has no operation {operation}"


def posted() -> set[str]:
    made = document()["paths"].values()
    return {methods["post"]["operationId"] for methods in made if "post" in methods}


def test_a_program_can_write_what_people_write_on_their_pages() -> None:
    clean(uncovered(writing(get_resolver().url_patterns), posted(), SAME))


def test_what_only_programs_could_do_is_nothing() -> None:
    """Every operation that writes is somebody's page too."""
    done = {one for does in SAME.values() for one in does.split()}
    assert sorted(posted() - done) == []


def test_what_the_api_forgot_is_found() -> None:
    page = write(anyone, again=lambda request: HttpResponse())(lambda request: HttpResponse())
    names = list(
        writing([path("planted", page, name="planted"), path("read", read(anyone)(page), name="read")], "desk")
    )
    assert names == ["desk:planted"]
    found = list(uncovered([*names, *ELSEWHERE], ["sign"], {"site:gone": "sign vanished"}))
    assert [one.partition(": ")[2].partition(" ")[0] for one in found] == ["give", "no", "the"]
