import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db.models import Count

from entremise.agreements.models import Agreement, Party
from entremise.documents.models import Document
from entremise.documents.queries import render
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, Worker
from entremise.jobs.queries.people import blocks_for, candidates
from entremise.jobs.queries.prices import quote
from entremise.jobs.rules.limits import Override
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming, Letter, Task
from entremise.messaging.rules import parts
from entremise.people.models import Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later


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


def test_the_same_again_costs_todays_price(act: Act, request_: Request) -> None:
    again = jobs.repeat(act=act, request=request_, starts_at=TOMORROW + timedelta(days=7))
    assert (again.repeats_id, again.price, again.listing.street) == (request_.id, 4900, "12, rue des Tilleuls")


def test_a_weekly_job_makes_one_agreement_and_a_mission_each_week(
    act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    request = jobs.post_request(
        act=act,
        client=odile,
        activity=hedge,
        starts_at=TOMORROW,
        minutes=120,
        recurrence="FREQ=WEEKLY;BYDAY=TU",
    )
    (proposal,) = jobs.propose(act=act, request=request, workers=[karim.id])
    jobs.answer(act=by_text(karim), proposal=proposal, yes=True)
    assert Agreement.objects.count() == 1
    starts = list(Mission.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert len(starts) == 13
    assert {(b - a).days for a, b in itertools.pairwise(starts)} == {7}


@pytest.fixture
def weekly(act: Act, odile: Person, hedge: Activity) -> Request:
    return jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU"
    )


def say_yes(act: Act, request: Request, person: Person) -> Proposal:
    (proposal,) = jobs.propose(act=act, request=request, workers=[person.id])
    return jobs.answer(act=by_text(person, at=act.at), proposal=proposal, yes=True)


def sign_all(act: Act, agreement: Agreement) -> None:
    for role in ("client", "worker"):
        jobs.sign(act=act, agreement=agreement, role=role, how="screen")


def test_every_visit_of_a_recurring_job_has_to_be_possible(
    act: Act, weekly: Request, odile: Person, hedge: Activity, karim: Person
) -> None:
    third = TOMORROW + timedelta(weeks=2, hours=1)
    once = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=third, minutes=60)
    say_yes(act, once, karim)
    with pytest.raises(Refused, match="block_not_waivable") as refused:
        jobs.propose(act=act, request=weekly, workers=[karim.id])
    assert refused.value.params["block"] == "overlap"
    (seen,) = candidates(request=weekly, at=act.at).people
    assert [block.code for block in seen.suggestion.blocks] == ["overlap"]


def test_a_recurring_job_is_promised_for_as_long_as_the_papers_last(act: Act, weekly: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).update(valid_to=(TOMORROW + timedelta(weeks=3)).date())
    say_yes(act, weekly, karim)
    assert Mission.objects.count() == 4
    assert Agreement.objects.get().ends_on == (TOMORROW + timedelta(weeks=3)).date()


def test_a_pass_for_later_does_not_end_the_one_before_it(act: Act, request_: Request, karim: Person) -> None:
    later_pass = (TODAY + timedelta(days=30)).date()
    Paper.objects.create(person=karim, kind="pass_iae", valid_from=later_pass, checked_on=TODAY.date())
    assert blocks_for(request=request_, person=karim.id, at=TODAY) == ()
    Paper.objects.filter(person=karim, valid_from=None).delete()
    assert [one.code for one in blocks_for(request=request_, person=karim.id, at=TODAY)] == ["pass_missing"]


def test_nobody_agrees_to_a_visit_that_has_begun(act: Act, asked: list[Proposal], karim: Person) -> None:
    with pytest.raises(Refused, match="no_longer_possible") as refused:
        jobs.answer(act=by_text(karim, at=TOMORROW), proposal=asked[0], yes=True)
    assert refused.value.params["block"] == "already_begun"


def test_who_no_longer_works_here_is_not_asked(act: Act, request_: Request, karim: Person) -> None:
    Worker.objects.filter(person=karim).update(until=TODAY.date())
    assert [one.code for one in blocks_for(request=request_, person=karim.id, at=TODAY)] == ["not_a_worker"]


def test_whoever_takes_over_a_recurring_job_is_promised_what_is_still_to_come(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    sign_all(act, Agreement.objects.get())
    done, after = Mission.objects.order_by("starts_at")[:2]
    now = later(act, days=2)
    jobs.withdraw_worker(act=now, mission=Mission.objects.select_related("agreement").get(id=after.id))
    done.refresh_from_db()
    assert done.state == "ready"  # Its hours are still owed.
    assert Agreement.objects.get().state == "ended"
    jobs.log_hours(act=now, mission=done, minutes=120, key="slip")
    say_yes(now, Request.objects.get(), nadege)
    hers = Mission.objects.filter(worker=nadege).order_by("starts_at")
    assert hers[0].starts_at == TOMORROW + timedelta(weeks=1)
    assert len(hers) == 12


def in_company(request: Request, worker: Person, day: datetime, hours: int) -> Mission:
    """So many hours were planned there; a state in which they count."""
    return Mission.objects.create(
        request=request,
        worker=worker,
        client=request.client,
        number=1,
        starts_at=day,
        ends_at=day + timedelta(hours=hours),
        state="confirmed",
        state_at=day,
    )


@pytest.fixture
def at_a_company(act: Act, odile: Person, hedge: Activity) -> Request:
    Person.objects.filter(id=odile.id).update(kind="company")
    odile.refresh_from_db()
    return jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120)


def test_the_period_in_companies_is_counted_from_the_very_first_placement(
    act: Act, at_a_company: Request, karim: Person
) -> None:
    """June 2022 opens until 2024, July 2024 until 2026, August 2026 anew: what comes before is closed."""
    for month, hours in ((date(2022, 6, 1), 8), (date(2024, 1, 15), 8), (date(2024, 7, 1), 8), (date(2026, 2, 2), 479)):
        in_company(at_a_company, karim, datetime.combine(month, time(8), UTC), hours)
    assert blocks_for(request=at_a_company, person=karim.id, at=TODAY) == ()
    in_company(at_a_company, karim, datetime(2026, 8, 3, 8, tzinfo=UTC), 479)
    assert [one.code for one in blocks_for(request=at_a_company, person=karim.id, at=TODAY)] == ["company_work"]


def test_hours_in_companies_count_as_they_were_done(
    act: Act, at_a_company: Request, karim: Person, odile: Person, hedge: Activity
) -> None:
    say_yes(act, at_a_company, karim)
    sign_all(act, Agreement.objects.get())
    after = later(act, days=2)
    jobs.log_hours(act=after, mission=Mission.objects.select_related("agreement").get(), minutes=300, key="slip")
    in_company(at_a_company, karim, datetime(2026, 9, 1, 8, tzinfo=UTC), 474)
    again = jobs.repeat(act=after, request=at_a_company, starts_at=TOMORROW + timedelta(days=7))
    (block,) = blocks_for(request=again, person=karim.id, at=after.at)
    assert (block.code, block.params["minutes"]) == ("company_work", (474 + 5 + 2) * 60)


def test_cancelling_a_recurring_job_calls_off_what_is_still_to_come(act: Act, weekly: Request, karim: Person) -> None:
    say_yes(act, weekly, karim)
    sign_all(act, Agreement.objects.get())
    jobs.cancel(act=later(act, days=2), request=Request.objects.get())
    assert set(Mission.objects.values_list("state").annotate(times=Count("id"))) == {("ready", 1), ("cancelled", 12)}
    assert Agreement.objects.get().state == "ended"


def test_cancelling_an_agreed_job_leaves_nobody_bound(act: Act, mission: Mission) -> None:
    jobs.cancel(act=act, request=Request.objects.get())
    assert Mission.objects.get().state == "cancelled"
    assert Agreement.objects.get().state == "cancelled"


def test_stop_ends_texts(karim: Person) -> None:
    assert text_from(karim, "STOP") == "stopped"
    assert karim.contacts.get().stopped_at
