"""Somebody says what they need, or that they need it no more."""

from dataclasses import dataclass
from datetime import date

from entremise.buying.models import Need
from entremise.buying.rules.states import LIVE_NEEDS, NEED
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Incoming
from entremise.messaging.rules import Meaning, need_told, understand_reply
from entremise.people.models import Person
from entremise.people.operations.waiting import wait_for
from entremise.people.rules.may import Verb, require

MOST = 20  # Needs of one person that wait: beyond, it is a list for the shops.


@dataclass(frozen=True)
class Words:
    """quantity: of `unit`. pays: what one costs them today, minor units. before: when they want it at the latest."""

    what: str
    quantity: int | None = None
    unit: str = ""
    details: str = ""
    pays: int | None = None
    before: date | None = None


def say_need(*, act: Act, person: Person, words: Words) -> Need:
    """What a person needs. Said again in the same words while it waits, it is the same need.

    Raises Refused("need_what") without words, Refused("too_many_needs").
    """
    require(act, Verb.NEEDS_SAY, owner=person.id)
    what = " ".join(words.what.split())[:80]
    if not what:
        raise Refused("need_what", where="what")
    wait_for(people=[person.id])
    waiting = list(Need.objects.filter(person=person, state__in=LIVE_NEEDS))
    if same := next((one for one in waiting if one.what.casefold() == what.casefold()), None):
        return same
    if len(waiting) >= MOST:
        raise Refused("too_many_needs", {"most": MOST})
    state, fact = NEED.step("", "say")
    need = Need.objects.create(
        person=person,
        what=what,
        quantity=words.quantity or None,
        unit=words.unit.strip()[:30],
        details=words.details.strip()[:300],
        pays=words.pays,
        before=words.before,
        state=state,
        said_at=act.at,
    )
    record(act=act, type=fact, thing="need", thing_id=need.id, data={})
    return need


def need_by_text(*, act: Act, incoming: Incoming) -> Need | None:
    """Write down what a text message says its sender needs. None when it says no such thing, means something else as
    well, or nobody knows who sent it. The message still waits for a person: a need may be more than a purchase.
    Raises like `say_need`.
    """
    what = need_told(incoming.text)
    if not what or incoming.person is None or understand_reply(incoming.text).meaning is not Meaning.UNKNOWN:
        return None
    return say_need(act=act, person=incoming.person, words=Words(what))


def withdraw_need(*, act: Act, need: Need) -> Need:
    """They do not need it any more, or have it. Raises Refused("not_now") when it ended before."""
    require(act, Verb.NEEDS_SAY, owner=need.person_id)
    wait_for(people=[need.person_id])
    need.refresh_from_db()
    need.state, fact = NEED.step(need.state, "withdraw")
    need.ended_at = act.at
    need.save(update_fields=["state", "ended_at"])
    record(act=act, type=fact, thing="need", thing_id=need.id, data={})
    return need
