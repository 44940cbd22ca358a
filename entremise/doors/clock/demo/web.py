"""Neighbours who ask from a telephone, after the desk has closed."""

from datetime import datetime, timedelta

from entremise.doors.clock.demo.founding import Cast
from entremise.jobs import operations as jobs
from entremise.kernel.act import Act, Actor, Door

VISITOR = Actor(person=None)


def ask_at_night(cast: Cast, at: datetime) -> None:
    """One request that waits for the desk's call, by a neighbour who did not sign in though the desk knows them."""
    known, act = cast.clients[0], Act(by=VISITOR, at=at, door=Door.SITE)
    unsent = jobs.keep_answers(
        act=act,
        unsent=None,
        page="need",
        typed={"activity": "jardin", "words": "tondre avant l’hiver"},
        activity=cast.activities["jardin"],
        minutes=120,
        note="Tondre avant l’hiver, la tondeuse est dans l’abri",
        starts_at=at + timedelta(days=4),
        name=known.full_name,
        phone=known.contacts.filter(kind="phone").values_list("value", flat=True)[0],
        street=known.street,
        place=known.place,
    )
    jobs.send_request(act=act, unsent=unsent.id, unsettled="dès que possible", language="fr")


def stop_half_way(cast: Cast, at: datetime) -> None:
    """One that was begun and not sent: its code finishes it by telephone."""
    jobs.keep_answers(
        act=Act(by=VISITOR, at=at, door=Door.SITE),
        unsent=None,
        page="need",
        typed={"activity": "repassage", "words": ""},
        activity=cast.activities["repassage"],
        minutes=180,
    )
