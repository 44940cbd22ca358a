"""What the desk and a person can write on their pages, a program can write at the API (docs/adr/0013).

Every address of the desk and the site that writes is either an operation of the API or named here with its reason.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from entremise.doors.api.document import document
from entremise.doors.frame.visit import anyone
from entremise.doors.frame.ways import read, write
from tests.laws.elsewhere import ELSEWHERE
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
    "site:order": "makePledge",
    "site:withdraw_order": "withdrawPledge",
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
