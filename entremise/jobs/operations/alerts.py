"""Saved searches and the one letter a day that they lead to."""

from zoneinfo import ZoneInfo

from entremise.history.operations import record
from entremise.jobs.models import SavedSearch, Told
from entremise.jobs.queries.alerts import alert_for, channels_for, filters_of, searches_of
from entremise.jobs.rules.alerts import EVERY, MOST, TOLD_AT_ONCE
from entremise.jobs.rules.notices import SEARCH, Wanted
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.people.queries import addresses_of
from entremise.people.rules.may import Verb, require


def save_search(*, act: Act, person: Person, wanted: Wanted, channel: str = "", every_days: int = 1) -> SavedSearch:
    """Keep what somebody looks for; what is put up from now on is told. The same again is the same search.

    channel: text, email or post; the first that reaches them unless given. every_days: 1 or 7.
    Raises Refused("too_many_searches", "alert_channel_missing", "not_a_choice").
    """
    require(act, Verb.SEARCHES_SAVE, owner=person.id)
    filters, kept = filters_of(wanted), searches_of(person=person.id)
    same = next((one for one in kept if one.filters == filters), None)
    if same:
        return same
    if len(kept) >= MOST:
        raise Refused("too_many_searches", {"most": MOST})
    state, fact = SEARCH.step("", "save")
    search = SavedSearch.objects.create(
        person=person,
        filters=filters,
        channel=_channel(person, channel),
        every_days=_every(every_days),
        state=state,
        saved_at=act.at,
        seen_until=act.at,
    )
    record(act=act, type=fact, thing="search", thing_id=search.id)
    return search


def change_search(*, act: Act, search: SavedSearch, channel: str, every_days: int) -> SavedSearch:
    """Another way to hear of it, or another rhythm."""
    require(act, Verb.SEARCHES_SAVE, owner=search.person_id)
    search.state, fact = SEARCH.step(search.state, "change")
    search.channel, search.every_days = _channel(search.person, channel), _every(every_days)
    search.save(update_fields=["channel", "every_days"])
    record(act=act, type=fact, thing="search", thing_id=search.id)
    return search


def remove_search(*, act: Act, search: SavedSearch) -> SavedSearch:
    """They want to hear no more of it."""
    require(act, Verb.SEARCHES_SAVE, owner=search.person_id)
    search.state, fact = SEARCH.step(search.state, "remove")
    search.save(update_fields=["state"])
    record(act=act, type=fact, thing="search", thing_id=search.id)
    return search


def send_alert(*, act: Act, person: Person) -> Letter | None:
    """One letter with all that is new for all their searches, at most one a day, each job once in a life.

    None when nothing is new, or when the way they chose is closed: whoever texted STOP gets no text.
    """
    require(act, Verb.ALERTS_SEND)
    alert, organisation = alert_for(person=person, at=act.at), person.organisation
    addresses = addresses_of(person=person)
    channel = next((one.channel for one in alert.due if one.channel in addresses), "")
    if not alert.notices or not channel:
        return None
    today = act.at.astimezone(ZoneInfo(organisation.timezone)).date()
    letter = messaging.queue(
        act=act,
        person=person,
        template="alert",
        context={
            "notices": alert.notices[:TOLD_AT_ONCE],
            "first": alert.notices[0],
            "count": len(alert.notices),
            "more": max(0, len(alert.notices) - TOLD_AT_ONCE),
            "organisation": organisation,
        },
        key=f"alert:{person.id}:{today}",
        channel=channel,
        address=addresses[channel],
        about="search",
        about_id=alert.due[0].id,
    )
    Told.objects.bulk_create(
        Told(id=new_id(), person=person, request=notice.request, told_at=act.at) for notice in alert.notices
    )
    for search in alert.due:
        search.seen_until, search.sent_on = act.at, today
        search.save(update_fields=["seen_until", "sent_on"])
    record(act=act, type="alert_sent", thing="person", thing_id=person.id, data={"count": len(alert.notices)})
    return letter


def _channel(person: Person, asked: str) -> str:
    open_ones = channels_for(person=person)
    if not open_ones:
        raise Refused("alert_channel_missing")
    if asked and asked not in open_ones:
        raise Refused("not_a_choice", where="channel")
    return asked or open_ones[0]


def _every(days: int) -> int:
    if days not in EVERY:
        raise Refused("not_a_choice", where="every_days")
    return days
