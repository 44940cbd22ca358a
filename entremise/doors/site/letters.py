from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from entremise.doors.frame.visit import Inside
from entremise.kernel.act import Door
from entremise.kernel.phone import is_mobile
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.rules import Purpose
from entremise.people import operations as people
from entremise.people import queries
from entremise.people.models import Person

LINK_LASTS = timedelta(hours=24)


def send_way_in(request: Inside, known: list[Person], *, phone: str, lasting: timedelta, leads_to: str) -> None:
    """A code to a mobile; a link to the mailbox of whoever gave a landline; else the printed card remains.

    Nothing tells the page whether something left.
    """
    owner = known[0]
    if is_mobile(phone):
        _send(request, owner, "code", lasting=lasting, leads_to=leads_to, channel="text", address=phone)
        return
    reach = queries.way_to_reach(person=owner)
    if len(known) == 1 and reach.channel == "email":
        _send(request, owner, "link", lasting=LINK_LASTS, leads_to=leads_to, channel="email", address=reach.address)


def _send(
    request: Inside, person: Person, kind: str, *, lasting: timedelta, leads_to: str, channel: str, address: str
) -> None:
    act = request.visit.act(Door.SITE)
    try:
        key, secret = people.make_entry_code(
            act=act, person=person, kind=kind, lasting=lasting, leads_to=leads_to, secret_key=settings.SECRET_KEY
        )
    except Refused:
        return  # Five this hour already: the last one still opens, and the page must not say so to a stranger.
    link = request.build_absolute_uri(reverse("site:link", args=[secret])) if kind == "link" else ""
    messaging.queue(
        act=act,
        person=person,
        template=f"entry_{kind}",
        context={"code": secret, "link": link, "organisation": request.visit.organisation},
        key=f"entry:{key.id}",
        purpose=Purpose.ANSWER,
        channel=channel,
        address=address,
    )
