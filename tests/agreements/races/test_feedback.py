from datetime import timedelta

import pytest

from entremise.agreements import operations
from entremise.agreements.models import Feedback
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.agreements.test_feedback import asked
from tests.conftest import TODAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_two_who_speak_at_the_same_moment_open_both() -> None:
    organisation = Organisation.objects.create(slug="races", name="Races")
    act = Act(by=Actor(None, STAFF), at=TODAY + timedelta(hours=1), door=Door.PHONE)
    with scope.writing(organisation.id):
        ids = [one.id for one in asked(act)]

    def speak(number: int) -> list[Feedback]:
        return operations.give_feedback(act=act, feedback=Feedback.objects.get(id=ids[number]), answer="well")

    answers = rivals(2, organisation.id, speak)
    assert sorted(len(answer) for answer in answers if isinstance(answer, list)) == [0, 2], answers
    with scope.writing(organisation.id):
        assert set(Feedback.objects.filter(about__isnull=False).values_list("state", flat=True)) == {"open"}


def test_of_the_same_word_sent_eight_times_one_counts() -> None:
    organisation = Organisation.objects.create(slug="races", name="Races")
    act = Act(by=Actor(None, STAFF), at=TODAY + timedelta(hours=1), door=Door.PHONE)
    with scope.writing(organisation.id):
        first, _other = asked(act)

    def speak(_number: int) -> list[Feedback]:
        return operations.give_feedback(act=act, feedback=Feedback.objects.get(id=first.id), answer="fair")

    answers = rivals(8, organisation.id, speak)
    assert answers.count([]) == 1, answers
    assert {one.code for one in answers if isinstance(one, Refused)} == {"not_now"}
