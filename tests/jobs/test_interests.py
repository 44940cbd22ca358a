"""A worker who saw a job on the public list: the desk sees it, and nobody is auctioned."""

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Interest, Request
from entremise.jobs.queries.interests import willing_for
from entremise.jobs.queries.rounds import request_page
from entremise.jobs.queries.suggestions import candidates
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.messaging.models import Letter
from entremise.people.models import Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import by_text


@pytest.fixture
def shown(request_: Request, karim: Person, nadege: Person) -> Interest:
    return jobs.show_interest(act=by_text(karim), request=request_, person=karim)


def test_the_desk_sees_who_would_go_among_the_suggestions(request_: Request, karim: Person, shown: Interest) -> None:
    page = request_page(number=request_.listing.number, at=TODAY)
    assert page
    assert page.round
    assert page.round.willing == {karim.id}
    assert karim.id in {one.person.id for one in page.round.suggestions.people}
    assert not Proposal.objects.exists()  # It is no yes: the request is still open to all.


def test_who_would_go_is_shown_however_far_down(request_: Request, karim: Person, nadege: Person) -> None:
    for last, other in ((karim, nadege), (nadege, karim)):
        found = candidates(request=request_, at=TODAY, limit=1, also=frozenset({last.id}))
        assert last.id in {one.person.id for one in found.people}
        first = candidates(request=request_, at=TODAY, limit=1).people[0].person.id
        assert found.people[0].person.id == first
        assert len(found.people) == (1 if first == last.id else 2), other


def test_said_twice_it_is_the_same_and_it_may_be_taken_back(request_: Request, karim: Person, shown: Interest) -> None:
    assert jobs.show_interest(act=by_text(karim), request=request_, person=karim) == shown
    jobs.take_interest_back(act=by_text(karim), request=request_, person=karim)
    assert willing_for(request=request_) == frozenset()
    jobs.show_interest(act=by_text(karim), request=request_, person=karim)
    assert Interest.objects.count() == 1


def test_a_proposal_takes_its_place(act: Act, request_: Request, karim: Person, shown: Interest) -> None:
    (proposal,) = jobs.propose(act=act, request=request_, workers=[karim.id])
    assert Interest.objects.get().state == "over"
    with pytest.raises(Refused, match="asked_already"):
        jobs.show_interest(act=by_text(karim), request=request_, person=karim)
    jobs.answer(act=by_text(karim), proposal=proposal, yes=True)
    assert not Letter.objects.filter(template="job_taken").exists()


def test_whoever_would_have_gone_is_told_when_somebody_else_goes(
    act: Act, request_: Request, karim: Person, nadege: Person, shown: Interest
) -> None:
    (proposal,) = jobs.propose(act=act, request=request_, workers=[nadege.id])
    jobs.answer(act=by_text(nadege), proposal=proposal, yes=True)
    assert Letter.objects.get(template="job_taken").person == karim
    assert Interest.objects.get().state == "over"


def test_whoever_would_have_gone_is_told_that_it_is_cancelled(
    act: Act, request_: Request, karim: Person, shown: Interest
) -> None:
    jobs.cancel(act=act, request=request_)
    assert Letter.objects.get(template="job_cancelled").person == karim
    with pytest.raises(Refused, match="already_taken"):
        jobs.show_interest(act=by_text(karim), request=request_, person=karim)


def test_what_nobody_may_waive_is_refused(request_: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).delete()
    with pytest.raises(Refused, match="cannot_go"):
        jobs.show_interest(act=by_text(karim), request=request_, person=karim)


def test_nobody_is_interested_for_somebody_else(request_: Request, karim: Person, nadege: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        jobs.show_interest(act=by_text(karim), request=request_, person=nadege)
