"""For every operation of the API a world in which it can be done, and what to say then.

What is not said here needs nothing: most lists, and what has no words. `World` makes what a sample asks for.
"""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from entremise.agreements.models import Agreement, Feedback
from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Purchase
from entremise.buying.operations import Wants
from entremise.campaigns import operations as campaigns
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Offer, Request, SavedSearch, SupplierQuote
from entremise.jobs.operations import calls
from entremise.jobs.operations.offers import Terms
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Act
from entremise.kernel.time import Period, Window
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming, Task
from entremise.people.models import ContactPoint, Person, Place
from entremise.settlement import operations as settlement
from entremise.settlement import queries as months
from entremise.settlement.models import Invoice, Payout, Payslip, SupplierInvoice
from tests.buying.conftest import CLOSES, OIL, over, planned
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, say_yes, sign_all

Given = dict[str, Any]
DAY = timedelta(days=1)
DECEMBER = datetime(2026, 12, 4, 9, tzinfo=TODAY.tzinfo)
IBAN = "FR76 3000 6000 0112 3456 7890 189"
WEEK = [(weekday, "08:00", "18:00") for weekday in range(7)]


@dataclass
class World:
    """at: what the API's clock says."""

    act: Act
    place: Place
    hedge: Activity
    odile: Person
    karim: Person
    nadege: Person
    bruno: Person
    at: datetime = TODAY

    def request(self, **more: Any) -> Request:
        given = {"client": self.odile, "activity": self.hedge, "starts_at": TOMORROW, "minutes": 120}
        return jobs.post_request(act=self.act, **{**given, **more})

    def number(self, **more: Any) -> Given:
        return {"number": self.request(**more).listing.number}

    def proposal(self) -> Proposal:
        return jobs.propose(act=self.act, request=self.request(), workers=[self.karim.id])[0]

    def agreement(self, **more: Any) -> Agreement:
        say_yes(self.act, self.request(**more), self.karim)
        return Agreement.objects.get()

    def mission(self, **more: Any) -> Mission:
        """Signed by both, and still to come."""
        sign_all(self.act, self.agreement(**more))
        return Mission.objects.select_related("agreement", "request__listing", "worker", "client").earliest("starts_at")

    def late(self) -> Mission:
        """Too late to be called off for nothing, by an agreement that binds since yesterday."""
        mission = self.mission()
        self.at = mission.starts_at - timedelta(hours=2)
        return mission

    def over(self) -> Mission:
        mission = self.mission()
        self.at = mission.ends_at + timedelta(hours=1)
        return mission

    def logged(self) -> Mission:
        mission = self.over()
        jobs.log_hours(act=by_text(self.karim, at=self.at), mission=mission, minutes=120, key="hours")
        mission.refresh_from_db()
        return mission

    def done(self) -> Mission:
        mission = self.logged()
        jobs.confirm_hours(act=self.now, mission=mission)
        return mission

    def differing(self) -> Mission:
        mission = self.logged()
        jobs.confirm_hours(act=self.now, mission=mission, minutes=60)
        return mission

    def called_off(self) -> Mission:
        mission = self.late()
        return jobs.cancel_mission(act=self.now, mission=mission, fee=4900)

    def contested(self) -> Feedback:
        said = self.said(spoken=True)
        mission = Mission.objects.get()
        return jobs.contest_feedback(
            act=self.now.for_person(self.karim.id), mission=mission, feedback=said, words="Non"
        )

    @property
    def now(self) -> Act:
        return replace(self.act, at=self.at)

    def said(self, *, spoken: bool = False) -> Feedback:
        """What Odile was asked of Karim; spoken: both have said it."""
        mission = self.done()
        hers = Feedback.objects.get(writer=self.odile, about=self.karim)
        if spoken:
            for one in (hers, Feedback.objects.get(writer=self.karim, about=self.odile)):
                act = self.now.for_person(one.writer_id)
                jobs.give_feedback(act=act, mission=mission, feedback=one, answer="fair", words="Bien", of_us="")
                one.refresh_from_db()
            hers.refresh_from_db()
        return hers

    def month_over(self) -> Given:
        self.done()
        self.at = DECEMBER
        return {"month": "2026-11"}

    def settled(self) -> None:
        self.at = DECEMBER
        run = settlement.open_run(act=self.now, month=Period.month_of(TODAY.date()))
        for item in months.items_to_do(run=run.id):
            settlement.settle_item(act=self.now, item=item)

    def invoice(self) -> Given:
        self.done()
        self.settled()
        return {"number": Invoice.objects.get().number}

    def payslip(self) -> Given:
        self.invoice()
        return {"number": Payslip.objects.get().number}

    def payout(self) -> Payout:
        self.payslip()
        return settlement.hand_over(act=self.now, payslip=Payslip.objects.get(), how="cheque")

    def asked_for_price(self) -> Proposal:
        request = self.request(mode=with_pricing("quote").code)
        return jobs.propose(act=self.act, request=request, workers=[self.bruno.id])[0]

    def quote(self) -> SupplierQuote:
        return jobs.send_quote(act=self.act.for_person(self.bruno.id), proposal=self.asked_for_price(), hourly=3000)

    def sale(self) -> SupplierInvoice:
        jobs.accept_quote(act=self.act.for_person(self.odile.id), quote=self.quote())
        mission = Mission.objects.select_related("agreement", "request__listing", "client", "worker").get()
        self.at = mission.ends_at
        jobs.log_hours(act=self.now.for_person(self.bruno.id), mission=mission, minutes=120, key="hours")
        mission.refresh_from_db()
        jobs.confirm_hours(act=self.now.for_person(self.odile.id), mission=mission)
        self.settled()
        return SupplierInvoice.objects.get()

    def offer(self, *, opened: bool = True) -> Given:
        jobs.set_free_times(act=self.act, person=self.karim, weekly=WEEK)
        act = self.act if opened else by_text(self.karim)
        terms = Terms(reach_km=10, bookable=True)
        offer = jobs.put_up(act=act, person=self.karim, activity=self.hedge, terms=terms)
        return {"number": offer.listing.number}

    def paused(self) -> Given:
        given = self.offer()
        jobs.pause_offer(act=self.act, offer=Offer.objects.select_related("listing").get())
        return given

    def search(self) -> SavedSearch:
        return jobs.save_search(act=self.act, person=self.karim, wanted=Wanted())

    def task(self) -> Task:
        return messaging.add_task(act=self.act, kind="call_back", key="task")

    def message(self) -> Incoming:
        given = {"channel": "text", "sender": "+33639981427", "text": "?", "received_at": TODAY, "key": "in"}
        return messaging.receive(act=self.act, **given)[0]

    def season(self) -> Given:
        """Two weeks before its last visit."""
        request = self.request(recurrence="FREQ=WEEKLY")
        say_yes(self.act, request, self.karim)
        self.at = Mission.objects.latest("starts_at").starts_at - timedelta(days=13)
        return {"number": request.listing.number}

    def signed_on_paper(self) -> Given:
        agreement = self.agreement()
        calls.return_paper(act=self.act, agreement=agreement, role="client", content=photo())
        return {"document": agreement.parties.get(role="client").document_id}

    def contact(self) -> Given:
        kept = ContactPoint.objects.filter(person=self.odile, kind="phone").get()
        return {"person": self.odile.id, "contact": kept.id}

    def purchase(self, *, opened: bool = True, threshold: int = 1) -> Purchase:
        """Oil by the box, of which Odile wants one once it is open."""
        made = planned(self.act, OIL, threshold=threshold)
        if opened:
            campaigns.open_campaign(act=self.act, campaign=made.campaign)
            wants = [Wants(one, 6, 0, 700) for one in bought.articles_of(purchase=made.id)]
            buying.order(act=self.act, purchase=made, person=self.odile, wants=wants, means="later")
        return made

    def bought(self, **more: Any) -> Given:
        return {"number": self.purchase(**more).campaign.number}

    def to_close(self, **more: Any) -> Given:
        """Its time is over, and somebody has looked at what comes of it."""
        made = over(self.purchase(**more))
        self.at = CLOSES
        return {"number": made.campaign.number, "seen": bought.preview(purchase=made).digest}

    def ordered(self) -> Given:
        made = self.purchase()
        (article,) = bought.articles_of(purchase=made.id)
        wants = [{"article": str(article.lot_id), "quantity": 12}]
        return {"number": made.campaign.number, "person": self.odile.id, "wants": wants}


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return out.getvalue()


NEED = {"activity": "haie", "minutes": 120}
SOON = {"starts_at": (TOMORROW + 3 * DAY).isoformat()}
MORNING = {"starts_at": (TODAY + 2 * DAY).isoformat(), "minutes": 120}
SIGNED = {"role": "client"}

# Operation → what to say, once the world is ready for it.
SAMPLES: dict[str, Callable[[World], Given]] = {
    # Group purchases
    "readPurchase": lambda w: w.bought(),
    "listPledges": lambda w: w.bought(),
    "makePledge": lambda w: w.ordered(),
    "withdrawPledge": lambda w: {**w.bought(), "person": w.odile.id},
    "openPurchase": lambda w: w.bought(opened=False),
    "callOffPurchase": lambda w: {**w.bought(), "reason": "Le fournisseur ne livre plus."},
    "previewClosing": lambda w: w.bought(),
    "closePurchase": lambda w: w.to_close(),
    "failPurchase": lambda w: {"number": w.to_close(threshold=40)["number"]},
    # People
    "findPlaces": lambda w: {"q": "valmarelle"},
    "createPerson": lambda w: {"family_name": "Marsan"},
    "changePerson": lambda w: {"street": "3, rue Neuve"},
    "addContact": lambda w: {"kind": "email", "value": "odile@example.org"},
    "removeContact": lambda w: w.contact(),
    "setTexts": lambda w: {**w.contact(), "wanted": False},
    "recordConsent": lambda w: {"given": True},
    "giveRole": lambda w: {"role": "worker"},
    "endRole": lambda w: {"role": "client"},
    "showPaper": lambda w: {"kind": "insurance"},
    "setBankAccount": lambda w: {"iban": IBAN},
    "describeWork": lambda w: {"hours_wanted": 600},
    "setFreeTimes": lambda w: {"person": w.karim.id, "weekly": []},
    "addFreeMoment": lambda w: {"person": w.karim.id, **MORNING},
    "removeFreeMoment": lambda w: {
        "person": w.karim.id,
        "moment": jobs.add_free_moment(act=w.act, person=w.karim, window=Window.lasting(TODAY + DAY, 60)).id,
    },
    # Offers
    "readQuote": lambda w: {**NEED, "on": "2026-12-01"},
    "readOffer": lambda w: w.offer(),
    "createOffer": lambda w: {"person": w.karim.id, "activity": "haie", "reach_km": 10},
    "reviseOffer": lambda w: {**w.offer(), "reach_km": 5},
    "openOffer": lambda w: w.offer(opened=False),
    "pauseOffer": lambda w: w.offer(),
    "resumeOffer": lambda w: w.paused(),
    "endOffer": lambda w: w.offer(),
    "askPerson": lambda w: {**w.offer(), "client": w.odile.id, **MORNING},
    "book": lambda w: {**w.offer(), "client": w.odile.id, **MORNING},
    # The public list
    "readNotice": lambda w: w.number(),
    "readInterest": lambda w: {**w.number(), "person": w.nadege.id},
    "showInterest": lambda w: {**w.number(), "person": w.nadege.id, "going": True},
    "saveSearch": lambda w: {"person": w.karim.id, "words": "haie"},
    "changeSearch": lambda w: {"search": w.search().id, "channel": "text", "every_days": 7},
    "removeSearch": lambda w: {"search": w.search().id},
    # Requests
    "createRequest": lambda w: {"client": w.odile.id, **NEED, **SOON},
    "readRequest": lambda w: w.number(),
    "amendRequest": lambda w: {**w.number(), **SOON, "minutes": 60},
    "previewCancellation": lambda w: w.number(),
    "cancelRequest": lambda w: w.number(),
    "identifyRequest": lambda w: w.number(claimed=True),
    "setPublicity": lambda w: {**w.number(), "listed": False},
    "listDays": lambda w: w.number(),
    "setDay": lambda w: {**w.number(recurrence="FREQ=WEEKLY"), "day": (TOMORROW + 7 * DAY).date()},
    "giveUpRequest": lambda w: w.number(),
    "renewRequest": lambda w: w.season(),
    "replaceWorker": lambda w: w.season(),
    "listCandidates": lambda w: w.number(),
    "proposeRequest": lambda w: {**w.number(), "workers": [str(w.karim.id)]},
    "proposeRound": lambda w: {"pairs": [{"request": w.number()["number"], "worker": str(w.karim.id)}]},
    "spreadDay": lambda w: {"day": TOMORROW.date()},
    "readProposal": lambda w: {"proposal": w.proposal().id},
    "answerProposal": lambda w: {"proposal": w.proposal().id, "yes": True},
    "readSupplierQuote": lambda w: {"quote": w.quote().id},
    "sendQuote": lambda w: {"proposal": w.asked_for_price().id, "hourly": 3000},
    "answerQuote": lambda w: {"quote": w.quote().id, "yes": True},
    # Agreements
    "readAgreement": lambda w: {"number": w.agreement().number},
    "signAgreement": lambda w: {"number": w.agreement().number, **SIGNED},
    "returnPaper": lambda w: {"number": w.agreement().number, **SIGNED, "scan": base64.b64encode(photo()).decode()},
    "readDocument": lambda w: {"document": w.quote().document_id},
    "downloadDocument": lambda w: {"document": w.quote().document_id},
    "downloadScan": lambda w: w.signed_on_paper(),
    # Missions
    "readMission": lambda w: {"mission": w.mission().id},
    "withdrawWorker": lambda w: {"mission": w.mission().id},
    "cancelMission": lambda w: {"mission": w.late().id, "fee": 4900},
    "reportAbsence": lambda w: {"mission": w.over().id, "who": "worker"},
    "logHours": lambda w: {"mission": w.over().id, "minutes": 120},
    "confirmHours": lambda w: {"mission": w.logged().id},
    "decideHours": lambda w: {"mission": w.differing().id, "minutes": 90},
    "previewMissionCancellation": lambda w: {"mission": w.late().id},
    "previewAbsence": lambda w: {"mission": w.mission().id},
    "moveMission": lambda w: {"mission": w.mission(recurrence="FREQ=WEEKLY").id, **SOON},
    "replaceOnce": lambda w: {"mission": w.mission(recurrence="FREQ=WEEKLY").id},
    "waiveFee": lambda w: {"mission": w.called_off().id, "reason": "Hospitalisation"},
    "runLate": lambda w: {"mission": w.mission().id},
    "readFeedback": lambda w: {"mission": w.mission().id},
    "giveFeedback": lambda w: {"feedback": w.said().id, "answer": "well"},
    "replyToFeedback": lambda w: {"feedback": w.said(spoken=True).id, "words": "Le bus"},
    "contestFeedback": lambda w: {"feedback": w.said(spoken=True).id, "words": "Non"},
    "decideFeedback": lambda w: {"feedback": w.contested().id, "keep": True, "reason": "Entendus"},
    # Money
    "readInvoice": lambda w: w.invoice(),
    "downloadInvoice": lambda w: w.invoice(),
    "receiveCash": lambda w: {**w.invoice(), "amount": 100, "how": "cash"},
    "creditInvoice": lambda w: {**w.invoice(), "reason": "Geste commercial"},
    "readPayslip": lambda w: w.payslip(),
    "downloadPayslip": lambda w: w.payslip(),
    "handOver": lambda w: {**w.payslip(), "how": "cheque"},
    "sendBack": lambda w: {"payout": w.payout().id},
    "readMonth": lambda w: {"month": "2026-11"},
    "settleMonth": lambda w: w.month_over(),
    "readBusiness": lambda w: {"person": w.bruno.id},
    "describeBusiness": lambda w: {"siret": "732 829 320 00074", "person": w.bruno.id},
    "downloadSale": lambda w: {"sale": w.sale().id},
    "markSalePaid": lambda w: {"sale": w.sale().id},
    # The desk
    "completeTask": lambda w: {"task": w.task().id},
    "handleMessage": lambda w: {"message": w.message().id},
    "logCall": lambda w: {"outcome": "nothing"},
}
