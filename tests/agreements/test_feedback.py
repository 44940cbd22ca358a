"""How it went: blind until both have spoken, then open to the two, contested, decided."""

from datetime import timedelta

import pytest

from entremise.agreements import operations, queries
from entremise.agreements.models import Agreement, Feedback
from entremise.agreements.rules import FEEDBACK, OPENED
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.jobs.conftest import later

WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def two(act: Act) -> tuple[Feedback, Feedback]:
    """Of a worker and a client, each asked about the other and about us."""
    return asked(act)


def asked(act: Act) -> tuple[Feedback, Feedback]:
    worker = Person.objects.create(given_name="Karim", family_name="Belkacem", known_since=TODAY)
    client = Person.objects.create(given_name="Odile", family_name="Marsan", known_since=TODAY)
    agreement = Agreement.objects.create(
        number="AG-1", mode="x", title="Haie", starts_on=TODAY.date(), ends_on=TODAY.date(), drawn_up_at=TODAY
    )
    between = [(worker, client), (client, worker), (worker, None), (client, None)]
    made = operations.ask_feedback(act=act, agreement=agreement, occasion=new_id(), between=between, opens_at=WEEK)
    return made[0], made[1]


def read_by(person: Person) -> list[tuple[str, str]]:
    return [(one.answer, one.words) for one in queries.feedback_read_by(person=person.id)]


def test_the_states_are_all_reached() -> None:
    assert FEEDBACK.unreachable == frozenset()
    assert set(OPENED) < FEEDBACK.states


def test_nobody_reads_it_before_both_have_spoken(act: Act, two: tuple[Feedback, Feedback]) -> None:
    by_worker, by_client = two
    assert operations.give_feedback(act=act, feedback=by_worker, answer="badly", words="Pas d’eau") == []
    assert read_by(by_worker.writer) == [("badly", "Pas d’eau")]
    assert read_by(by_client.writer) == []
    assert {(row.answer, row.words) for row in queries.feedback_on(occasion=by_worker.occasion)} == {("", "")}


def test_it_opens_when_the_second_speaks(act: Act, two: tuple[Feedback, Feedback]) -> None:
    by_worker, by_client = two
    operations.give_feedback(act=act, feedback=by_worker, answer="fair")
    opened = operations.give_feedback(act=act, feedback=by_client, answer="well", words="Merci")
    assert {one.id for one in opened} == {by_worker.id, by_client.id}
    assert sorted(read_by(by_client.writer)) == [("fair", ""), ("well", "Merci")]


def test_it_opens_when_the_time_is_over_and_silence_lapses(act: Act, two: tuple[Feedback, Feedback]) -> None:
    by_worker, by_client = two
    operations.give_feedback(act=act, feedback=by_worker, answer="fair")
    assert queries.feedback_due(at=WEEK - timedelta(seconds=1)) == []
    for one in queries.feedback_due(at=WEEK):
        operations.open_feedback(act=later(act, days=7), feedback=one)
    assert set(Feedback.objects.values_list("state", flat=True)) == {"open", "lapsed"}
    assert read_by(by_client.writer) == [("fair", "")]
    with pytest.raises(Refused, match="feedback_over"):
        operations.give_feedback(act=later(act, days=7), feedback=by_client, answer="well")


def test_one_side_alone_opens_when_the_other_has_lapsed(act: Act, two: tuple[Feedback, Feedback]) -> None:
    by_worker, by_client = two
    operations.open_feedback(act=act, feedback=by_client)
    (opened,) = operations.give_feedback(act=act, feedback=by_worker, answer="well")
    assert opened.state == "open"


def test_what_is_said_is_said_once(act: Act, two: tuple[Feedback, Feedback]) -> None:
    operations.give_feedback(act=act, feedback=two[0], answer="badly")
    with pytest.raises(Refused, match="not_now"):
        operations.give_feedback(act=act, feedback=Feedback.objects.get(id=two[0].id), answer="well")


@pytest.mark.parametrize("answer", ["", "5", "excellent"])
def test_there_are_three_answers(act: Act, two: tuple[Feedback, Feedback], answer: str) -> None:
    with pytest.raises(Refused, match="opinion_missing"):
        operations.give_feedback(act=act, feedback=two[0], answer=answer)


@pytest.fixture
def opened(act: Act, two: tuple[Feedback, Feedback]) -> Feedback:
    """What the client said of the worker, open."""
    for one in two:
        operations.give_feedback(act=act, feedback=one, answer="badly", words="En retard")
    return Feedback.objects.get(id=two[1].id)


def test_whom_it_is_about_replies_once(act: Act, opened: Feedback) -> None:
    operations.reply_to_feedback(act=act, feedback=opened, words="Le bus ne passait pas")
    with pytest.raises(Refused, match="already_replied"):
        operations.reply_to_feedback(act=act, feedback=opened, words="Encore")
    assert Feedback.objects.get(id=opened.id).reply == "Le bus ne passait pas"


def test_staff_withdraw_what_was_contested_and_say_why(act: Act, opened: Feedback) -> None:
    with pytest.raises(Refused, match="words_missing"):
        operations.contest_feedback(act=act, feedback=opened, words=" ")
    operations.contest_feedback(act=act, feedback=opened, words="Ce n’était pas moi")
    with pytest.raises(Refused, match="words_missing"):
        operations.decide_feedback(act=act, feedback=opened, keep=False, reason="")
    operations.decide_feedback(act=act, feedback=opened, keep=False, reason="Erreur de personne")
    found = Feedback.objects.get(id=opened.id)
    assert (found.state, found.decision, found.decided_by) == ("withdrawn", "Erreur de personne", act.by.person)


def test_what_was_kept_is_not_contested_again(act: Act, opened: Feedback) -> None:
    operations.contest_feedback(act=act, feedback=opened, words="Non")
    operations.decide_feedback(act=act, feedback=opened, keep=True, reason="Les deux sont d’accord sur l’heure")
    with pytest.raises(Refused, match="not_now"):
        operations.contest_feedback(act=act, feedback=opened, words="Encore")


def test_words_stay_out_of_history(act: Act, opened: Feedback) -> None:
    said = str(list(Fact.objects.filter(type__startswith="feedback").values_list("data", flat=True)))
    assert "retard" not in said
    assert "badly" not in said


def test_the_same_occasion_is_asked_once(act: Act, two: tuple[Feedback, Feedback]) -> None:
    one = two[0]
    between = [(one.writer, one.about)]
    again = operations.ask_feedback(
        act=act, agreement=one.agreement, occasion=one.occasion, between=between, opens_at=WEEK
    )
    assert again == []
    assert Feedback.objects.count() == 4
