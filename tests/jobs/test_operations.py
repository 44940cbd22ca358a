from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.agreements.models import Agreement, Party
from entremise.documents.models import Document
from entremise.documents.queries import render
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.queries.prices import quote
from entremise.jobs.queries.suggestions import candidates
from entremise.jobs.rules.limits import Override
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming, Letter, Task
from entremise.messaging.rules import parts
from entremise.people.models import Paper, Person
from entremise.tenancy.models import LegalIdentity
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later, say_yes


def text_from(person: Person, words: str, *, role: Role = Role.WORKER, key: str = "", act: Act | None = None) -> str:
    phone = person.contacts.get(kind="phone").value
    sender = act or by_text(person, role=role)
    incoming, _ = messaging.receive(
        act=sender, channel="text", sender=phone, text=words, received_at=sender.at, key=key or words
    )
    return jobs.read_text(act=sender, incoming=incoming)


def test_a_request_is_noted_with_its_price_and_the_caller_is_told(request_: Request) -> None:
    assert request_.price == 4900
    (letter,) = Letter.objects.all()
    assert (letter.channel, letter.template) == ("text", "request_noted")
    assert "49,00" in letter.body
    assert str(request_.listing.number) in letter.body


def test_where_each_euro_goes_adds_up_to_the_price(odile: Person, hedge: Activity) -> None:
    split = quote(client=odile, activity=hedge, minutes=120, on=TODAY.date()).split
    assert split.wage_gross == 2708
    assert split.wage_gross + split.employer_contributions + split.accompaniment + split.running == 4900


def test_only_a_declared_organisation_promises_a_tax_credit(odile: Person, hedge: Activity) -> None:
    def credit() -> int:
        return quote(client=odile, activity=hedge, minutes=120, on=TODAY.date()).price.credit

    assert credit() == 0
    LegalIdentity.objects.update(sap_number="SAP732829320", sap_date=TODAY.date())
    assert credit() == 2450
    LegalIdentity.objects.update(sap_date=TODAY.date() + timedelta(days=1))
    assert credit() == 0


def test_a_price_is_told_in_december_for_a_january_whose_law_is_not_complete(odile: Person, hedge: Activity) -> None:
    told = quote(client=odile, activity=hedge, minutes=120, on=date(2027, 1, 5))
    assert (told.price.total, told.split.wage_gross) == (4900, 2708)


def test_a_visit_just_after_midnight_costs_what_its_own_day_says(act: Act, odile: Person, hedge: Activity) -> None:
    terms = {"activity": None, "client_kind": "", "hourly_wage": 1231, "minimum_minutes": 60, "travel_fee": 0}
    jobs.set_tariff(act=act, hourly_price=2600, valid_from=date(2026, 12, 1), **terms)
    midnight = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # Half past midnight in Valmarelle, the first.
    assert jobs.post_request(act=act, client=odile, activity=hedge, starts_at=midnight, minutes=60).price == 2600


def test_an_agreement_says_the_terms_of_the_day_of_the_visit(
    act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    """The tariff of December was told in November, and agreed before it began."""
    terms = {"activity": None, "client_kind": "", "hourly_wage": 1231, "travel_fee": 0}
    jobs.set_tariff(act=act, hourly_price=2600, minimum_minutes=90, valid_from=date(2026, 12, 1), **terms)
    december = datetime(2026, 12, 2, 9, tzinfo=UTC)
    request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=december, minutes=60)
    say_yes(act, request, karim)
    assert Agreement.objects.get().terms["minimum_minutes"] == 90
    paper = Document.objects.get(kind="placement_agreement").data
    assert sum(part["amount"] for part in paper["split"]) == paper["estimate"] == 3900


def test_suggestions_say_why(request_: Request, karim: Person, nadege: Person) -> None:
    found = candidates(request=request_, at=TODAY)
    assert {s.person.given_name for s in found.people} == {"Karim", "Nadège"}
    assert all("can_do" in {r.code for r in s.suggestion.reasons} for s in found.people)


def test_a_worker_without_pass_is_blocked_and_nobody_may_waive_it(act: Act, request_: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).delete()
    override = Override(by=act.by.person or karim.id, reason="urgent")
    with pytest.raises(Refused, match="block_not_waivable"):
        jobs.propose(act=act, request=request_, workers=[karim.id], overrides={karim.id: override})


@pytest.mark.parametrize("template", ["proposal", "request_noted"])
def test_texts_fit_one_message(asked: list[Proposal], template: str) -> None:
    for letter in Letter.objects.filter(template=template):
        assert parts(letter.body).parts == 1, letter.body


def test_yes_by_text_makes_contract_documents_and_tells_the_others(
    request_: Request, asked: list[Proposal], karim: Person, nadege: Person
) -> None:
    assert text_from(karim, f"OUI {request_.listing.number}") == "answered"
    request_.refresh_from_db()
    assert request_.state == "filled"
    agreement = Agreement.objects.get()
    assert {p.role for p in Party.objects.filter(agreement=agreement, signatures__isnull=False)} == {"organisation"}
    assert set(Document.objects.values_list("kind", flat=True)) == {
        "placement_agreement",
        "work_contract",
        "mission_order",
    }
    assert Letter.objects.get(person=nadege, template="job_taken")
    assert Proposal.objects.get(person=nadege).state == "too_late"


def test_every_document_of_an_agreement_prints(mission: Mission) -> None:
    for document in Document.objects.all():
        assert render(document=document).startswith(b"%PDF"), document.kind


def test_a_second_yes_is_answered_kindly_and_changes_nothing(
    request_: Request, asked: list[Proposal], karim: Person, nadege: Person
) -> None:
    number = request_.listing.number
    text_from(karim, f"OUI {number}")
    assert text_from(nadege, f"Oui {number}") == "answered"
    assert Mission.objects.count() == 1
    assert Letter.objects.filter(person=nadege, template="job_taken").count() == 1


def test_the_same_text_delivered_twice_is_carried_out_once(
    request_: Request, asked: list[Proposal], karim: Person
) -> None:
    for _ in range(2):
        text_from(karim, f"OUI {request_.listing.number}", key="same")
    assert (Incoming.objects.count(), Mission.objects.count()) == (1, 1)


def test_a_late_yes_hears_that_the_job_is_off_and_not_that_somebody_else_has_it(
    act: Act, request_: Request, asked: list[Proposal], karim: Person
) -> None:
    jobs.cancel(act=act, request=request_)
    assert text_from(karim, f"OUI {request_.listing.number}") == "answered"
    assert not Letter.objects.filter(template="job_taken").exists()
    assert Letter.objects.filter(template="job_cancelled", person=karim).count() == 1


def test_a_yes_after_a_no_reaches_a_person_while_somebody_is_looked_for(
    request_: Request, asked: list[Proposal], karim: Person
) -> None:
    text_from(karim, f"NON {request_.listing.number}")
    with pytest.raises(Refused, match="not_now"):
        text_from(karim, f"OUI {request_.listing.number}")
    assert not Letter.objects.filter(template="job_taken").exists()


@pytest.mark.parametrize("words", ["oui mais pas avant 10h", "je sais pas encore", "OUI 9999"])
def test_a_reply_with_two_readings_reaches_a_person(asked: list[Proposal], karim: Person, words: str) -> None:
    assert text_from(karim, words) == "task"
    assert Task.objects.get(kind="read_message").person_id == karim.id
    assert Mission.objects.count() == 0


def test_everybody_saying_no_brings_the_request_back(
    request_: Request, asked: list[Proposal], karim: Person, nadege: Person
) -> None:
    text_from(karim, f"NON {request_.listing.number}")
    text_from(nadege, "non merci")
    request_.refresh_from_db()
    assert request_.state == "open"
    assert Task.objects.filter(kind="nobody_left").count() == 1


def test_a_yes_that_a_rule_has_come_to_forbid_is_refused(act: Act, asked: list[Proposal], karim: Person) -> None:
    Paper.objects.filter(person=karim).update(suspended_from=TODAY.date())
    with pytest.raises(Refused, match="no_longer_possible"):
        jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)


def test_a_passed_deadline_asks_somebody_to_call(clock_act: Act, asked: list[Proposal]) -> None:
    jobs.expire(act=clock_act, proposal=asked[0])
    assert Task.objects.get(kind="no_answer").person_id == asked[0].person_id


def test_a_late_yes_ends_the_call_that_silence_asked_for(clock_act: Act, asked: list[Proposal], karim: Person) -> None:
    jobs.expire(act=replace(clock_act, at=TODAY), proposal=asked[0])
    late = Proposal.objects.select_related("listing", "person").get(person=karim)
    assert jobs.answer(act=by_text(karim), proposal=late, yes=True).state == "accepted"
    assert Task.objects.get(kind="no_answer").done_at


def test_signatures_by_link_end_the_task_that_asked_for_them(
    act: Act, clock_act: Act, asked: list[Proposal], karim: Person, odile: Person
) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    agreement = Agreement.objects.get()
    jobs.remind_unsigned(act=clock_act, agreement=agreement)
    for person, role in ((odile, Role.CLIENT), (karim, Role.WORKER)):
        jobs.sign(act=by_text(person, role=role), agreement=agreement, role=role.value, how="link")
    assert Task.objects.get(kind="unsigned").done_at


def test_the_last_signature_makes_the_mission_ready_and_both_sides_know(mission: Mission) -> None:
    assert mission.state == "ready"
    assert set(Letter.objects.filter(template__in=["mission_ready", "visit_confirmed"]).values_list("person_id")) == {
        (mission.worker_id,),
        (mission.client_id,),
    }


def test_hours_by_text_are_confirmed_by_text(mission: Mission, karim: Person, odile: Person) -> None:
    after = TOMORROW + timedelta(hours=3)
    number = mission.number
    assert text_from(karim, f"H {number} 2", act=by_text(karim, at=after)) == "logged"
    assert Letter.objects.get(template="confirm_hours").person_id == odile.id
    confirmed = text_from(odile, f"OUI {number}", act=by_text(odile, role=Role.CLIENT, at=after))
    assert confirmed == "confirmed"
    mission.refresh_from_db()
    assert mission.state == "confirmed"
    assert Request.objects.get().state == "done"


def test_hours_that_differ_wait_for_a_human(act: Act, mission: Mission, odile: Person) -> None:
    jobs.log_hours(act=later(act, days=2), mission=mission, minutes=120, key="slip")
    after = TOMORROW + timedelta(days=1)
    text_from(odile, f"H {mission.number} 1h30", act=by_text(odile, role=Role.CLIENT, at=after))
    assert Task.objects.get(kind="hours_differ").params["said"] == 90
    jobs.settle_hours(act=later(act, days=3), mission=Mission.objects.get(), minutes=105)
    assert Mission.objects.get().state == "confirmed"
    assert Task.objects.get(kind="hours_differ").done_at


def test_the_clients_word_counts_once_and_another_is_for_a_person(act: Act, mission: Mission, odile: Person) -> None:
    jobs.log_hours(act=later(act, days=2), mission=mission, minutes=120, key="slip")
    own = by_text(odile, role=Role.CLIENT, at=TOMORROW + timedelta(days=1))
    for _ in range(2):
        jobs.confirm_hours(act=own, mission=Mission.objects.get(), minutes=120)
    with pytest.raises(Refused, match="hours_confirmed"):
        jobs.confirm_hours(act=own, mission=Mission.objects.get(), minutes=90)


def test_silence_counts_after_the_delay_and_says_so(act: Act, clock_act: Act, mission: Mission) -> None:
    jobs.log_hours(act=later(act, days=2), mission=mission, minutes=120, key="slip")
    jobs.presume_silent(act=clock_act, mission=Mission.objects.get())
    assert Mission.objects.get().state == "confirmed"
    assert Letter.objects.get(template="hours_presumed")


def test_nobody_logs_hours_before_the_mission_begins(act: Act, mission: Mission) -> None:
    with pytest.raises(Refused, match="not_started_yet"):
        jobs.log_hours(act=act, mission=mission, minutes=120, key="early")


def test_a_stranger_cannot_answer_for_a_worker(asked: list[Proposal], nadege: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        jobs.answer(act=by_text(nadege), proposal=asked[0], yes=True)


def test_a_worker_who_cannot_come_opens_the_job_again(act: Act, mission: Mission) -> None:
    jobs.withdraw_worker(act=act, mission=mission, reason="malade")
    request = Request.objects.get()
    assert request.state == "open"
    assert Task.objects.get(kind="replace")
    assert Agreement.objects.get().state == "cancelled"


def test_cancelling_tells_whoever_was_asked(act: Act, request_: Request, asked: list[Proposal]) -> None:
    jobs.cancel(act=act, request=request_, reason="plus besoin")
    assert Letter.objects.filter(template="job_cancelled").count() == 2


def test_other_terms_tell_whoever_was_asked_on_the_old_ones(act: Act, request_: Request, asked: list[Proposal]) -> None:
    jobs.amend(act=act, request=request_, starts_at=TOMORROW + timedelta(days=1), minutes=180, note="")
    assert Letter.objects.filter(template="job_changed").count() == 2


def test_giving_up_tells_whoever_was_asked(act: Act, request_: Request, asked: list[Proposal]) -> None:
    jobs.give_up(act=act, request=Request.objects.get())
    assert Letter.objects.filter(template="job_cancelled").count() == 2


def test_an_offer_that_has_not_left_is_called_back_and_nobody_hears_of_it(
    act: Act, request_: Request, karim: Person, nadege: Person
) -> None:
    jobs.propose(act=act, request=request_, workers=[karim.id, nadege.id])
    jobs.cancel(act=act, request=request_)
    assert set(Letter.objects.filter(template="proposal").values_list("state", flat=True)) == {"cancelled"}
    assert not Letter.objects.filter(template="job_cancelled").exists()


def test_an_offer_called_back_before_anybody_rang_asks_nobody_to_ring(
    act: Act, request_: Request, karim: Person, nadege: Person
) -> None:
    Person.objects.filter(id=nadege.id).update(prefers_call=True)
    jobs.propose(act=act, request=request_, workers=[karim.id, nadege.id])
    call = Task.objects.get(kind="call", person=nadege)
    jobs.answer(act=by_text(karim), proposal=Proposal.objects.get(person=karim), yes=True)
    call.refresh_from_db()
    assert call.done_at


def test_somebody_named_twice_is_asked_once(act: Act, request_: Request, karim: Person) -> None:
    assert len(jobs.propose(act=act, request=request_, workers=[karim.id, karim.id])) == 1


def test_the_same_again_costs_todays_price(act: Act, request_: Request) -> None:
    again = jobs.repeat(act=act, request=request_, starts_at=TOMORROW + timedelta(days=7))
    assert (again.repeats_id, again.price, again.listing.street) == (request_.id, 4900, "12, rue des Tilleuls")


def test_a_job_whose_only_visit_is_called_off_was_not_done(act: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=act, mission=mission)
    assert Request.objects.get().state == "cancelled"
    assert Agreement.objects.get().state == "cancelled"


def test_cancelling_an_agreed_job_leaves_nobody_bound(act: Act, mission: Mission) -> None:
    jobs.cancel(act=act, request=Request.objects.get())
    assert Mission.objects.get().state == "cancelled"
    assert Agreement.objects.get().state == "cancelled"


def test_stop_ends_texts(karim: Person) -> None:
    assert text_from(karim, "STOP") == "stopped"
    assert karim.contacts.get().stopped_at
