"""Letters out, text messages in. What the outside world must do happens between two transactions, never inside one."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from entremise.buying import operations as buying
from entremise.documents import queries as documents
from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.clock.ways_in import body_of
from entremise.jobs import operations as jobs
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.clock import now, told_in
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.adapters.base import Attachment, Channel, ChannelDown, Outgoing, Receipt, Undeliverable
from entremise.messaging.adapters.gammu import Gammu
from entremise.messaging.adapters.gammu import Incoming as Text
from entremise.messaging.adapters.paper import Paper
from entremise.messaging.adapters.smtp import Smtp
from entremise.messaging.models import Incoming, Letter
from entremise.people import queries as people
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from entremise.tenancy.queries import legal_identity

# All letters in hand must be sent well within the lease of a claim, each after the patience of a mail server.
IN_HAND = 6
STILL_WRITING = timedelta(seconds=5)  # gammu-smsd writes the parts of one message one after another.
OWN = frozenset({Role.WORKER, Role.CLIENT})  # A sender's number is easily forged: no text speaks for the desk.


def deliver(watch: Watch, organisation: Organisation) -> int:
    """Hand every due letter to its carrier; returns how many left."""
    channels, left = _channels(organisation), 0
    while not watch.stop.is_set():
        with scope.writing(organisation.id):
            claimed = messaging.claim(at=now(), limit=IN_HAND)
        if not claimed:
            break
        left += watch.each(organisation, "deliver", claimed, partial(_carry, organisation, channels))
    return left


def _carry(organisation: Organisation, channels: dict[str, Channel], letter: Letter) -> None:
    try:
        answer = _send(organisation, channels, letter).answer
    except (ChannelDown, Undeliverable) as error:
        _not_carried(organisation, letter, str(error), final=isinstance(error, Undeliverable))
    except Exception as error:
        # A bug in one letter: it waits its turn again, a person hears of it in the end, and the log has the trace.
        _not_carried(organisation, letter, type(error).__name__, final=False)
        raise
    else:
        write(organisation, lambda act: messaging.carried(act=act, letter=letter, answer=answer))


def _not_carried(organisation: Organisation, letter: Letter, answer: str, *, final: bool) -> None:
    write(organisation, lambda act: messaging.not_carried(act=act, letter=letter, answer=answer, final=final))


def _send(organisation: Organisation, channels: dict[str, Channel], letter: Letter) -> Receipt:
    channel = channels.get(letter.channel)
    if channel is None:
        raise Undeliverable(f"no carrier for {letter.channel}")
    return channel.send(
        Outgoing(
            to=letter.address,
            subject=letter.subject,
            body=body_of(organisation, letter),
            reference=letter.id,
            queued_at=letter.queued_at,
            attachments=_enclosed(organisation, letter) if letter.channel == Letter.Channel.EMAIL else (),
        )
    )


def _enclosed(organisation: Organisation, letter: Letter) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(one.name, "application/pdf", read(organisation, partial(_pdf, one.document)))
        for one in letter.enclosures.all()
    )


def _pdf(document: UUID) -> bytes:
    found = documents.document(document=document)
    if found is None:
        raise LookupError(f"no document {document}")
    return documents.pdf(document=found)


def _channels(organisation: Organisation) -> dict[str, Channel]:
    channels: dict[str, Channel] = {"text": modem(organisation), "post": Paper()}
    if settings.SMTP_URL:
        legal = read(organisation, legal_identity)
        channels["email"] = Smtp.from_url(
            settings.SMTP_URL,
            sender=settings.MAIL_FROM,
            sender_name=organisation.name,
            reply_to=legal.email if legal else "",
        )
    return channels


def modem(organisation: Organisation) -> Gammu:
    """The organisation's own spool, in a folder of its name: a text that comes in belongs to whose modem took it."""
    spool = Gammu(Path(settings.TEXT_SPOOL) / organisation.slug, ZoneInfo(organisation.timezone))
    spool.prepare()
    return spool


def receive(watch: Watch, organisation: Organisation) -> int:
    """Store every text that came in, carry out what it says, then take its files away; returns how many."""
    spool = modem(organisation)
    texts = list(spool.read_inbox(before=now() - STILL_WRITING))
    return watch.each(organisation, "receive", texts, partial(_take, organisation, spool))


def _take(organisation: Organisation, spool: Gammu, text: Text) -> None:
    try:
        _understand(organisation, text, _read)
    except Refused as refused:
        # The transaction is gone with all that the message began: it is kept afresh, for a person.
        _understand(organisation, text, partial(jobs.put_aside, why=refused.code))
    spool.acknowledge(text)


def _read(*, act: Act, incoming: Incoming) -> str:
    """What somebody needs says so in its first word, and a person reads it too; everything else is about a job."""
    if buying.need_by_text(act=act, incoming=incoming):
        return jobs.put_aside(act=act, incoming=incoming, why="need_noted")
    return jobs.read_text(act=act, incoming=incoming)


def _understand(organisation: Organisation, text: Text, do: Callable[..., str]) -> None:
    with scope.writing(organisation.id):
        at = told_in(ZoneInfo(organisation.timezone), now())
        act = Act(by=Actor(None), at=at, door=Door.TEXT)
        incoming, new = messaging.receive(
            act=act,
            channel=Letter.Channel.TEXT,
            sender=_number(text.sender, organisation.country),
            text=text.text,
            received_at=text.received_at,
            key=text.key,
        )
        if new:
            do(act=_of_sender(incoming, act), incoming=incoming)


def _of_sender(incoming: Incoming, act: Act) -> Act:
    known = incoming.person and people.person_with_roles(person=incoming.person.id)
    return Act(by=Actor(known.person, known.roles & OWN), at=act.at, door=act.door) if known else act


def _number(sender: str, country: str) -> str:
    try:
        return parse_phone(sender, region=country)
    except Refused:
        return sender[:120]  # Operators and shops sign with words.


def hear_of_failures(watch: Watch, organisation: Organisation) -> int:
    """Texts that the modem gave up after we had called them sent: somebody calls instead."""
    references = list(modem(organisation).failed())
    if not references:
        return 0
    lost = read(
        organisation, lambda: list(Letter.objects.filter(id__in=references, state="sent").select_related("person"))
    )

    def give_up(letter: Letter) -> None:
        _not_carried(organisation, letter, "the modem gave up", final=True)

    return watch.each(organisation, "modem", lost, give_up)
