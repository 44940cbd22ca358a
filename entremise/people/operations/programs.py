"""Keys by which programs come in at the API, and what they were answered."""

from collections.abc import Sequence
from datetime import date, datetime

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import KeptAnswer, Person, ProgramKey
from entremise.people.rules import programs
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope

FORGET_AT_ONCE = 1000


def make_program_key(
    *, act: Act, person: Person, label: str, scopes: Sequence[str], expires_on: date, secret_key: str
) -> tuple[ProgramKey, str]:
    """A program may act as this person, within the scopes, until the day before `expires_on`.

    Returns the key in clear too, for this once. Raises Refused not_allowed, name_missing, scope_missing, day_past,
    date_too_late, too_long.
    """
    require(act, Verb.PROGRAMS_LET_IN)
    programs.check_terms(label=label, scopes=scopes, expires_on=expires_on, today=act.at.date())
    secret = programs.new_key()
    key = ProgramKey(
        person=person,
        label=label.strip(),
        prefix=programs.prefix_of(secret),
        digest=programs.digest_of(secret, secret_key=secret_key),
        scopes=[one for one in programs.SCOPES if one in scopes],
        made_at=act.at,
        made_by=act.by.person,
        expires_on=expires_on,
    )
    check_lengths(vars(key), {"label": 80})
    key.save(force_insert=True)
    data = {"key": str(key.id), "scopes": key.scopes, "until": expires_on.isoformat()}
    record(act=act, type="program_let_in", thing="person", thing_id=person.id, data=data)
    return key, secret


def revoke_program_key(*, act: Act, key: ProgramKey) -> ProgramKey:
    """It opens nothing from now on. Revoked before, it stays so."""
    require(act, Verb.PROGRAMS_LET_IN)
    if ProgramKey.objects.filter(id=key.id, revoked_at__isnull=True).update(revoked_at=act.at):
        record(act=act, type="program_shut_out", thing="person", thing_id=key.person_id, data={"key": str(key.id)})
    key.refresh_from_db()
    return key


def note_program_use(*, key: ProgramKey, on: date) -> None:
    """The last day on which a program came in."""
    ProgramKey.objects.filter(id=key.id).update(last_used_on=on)


def begin_attempt(*, act: Act, program: ProgramKey, key: str, asked: str) -> KeptAnswer:
    """Take the name of an attempt before anything is written. Of two at once the second waits for the first.

    A new one has status 0; one answered before comes back with its answer. Raises Refused("attempt_differs") when the
    name stood for something else.
    """
    row = KeptAnswer(
        id=new_id(), organisation_id=scope.current(), program=program, key=key, asked=asked, status=0, at=act.at
    )
    KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
    kept = KeptAnswer.objects.get(program=program, key=key)
    if kept.asked != asked:
        raise Refused("attempt_differs", {"key": key})
    return kept


def keep_answer(*, kept: KeptAnswer, status: int, body: str) -> None:
    """What the attempt was answered, in the transaction that did it."""
    KeptAnswer.objects.filter(id=kept.id).update(status=status, body=body)


def forget_answers(*, before: datetime) -> int:
    """Answers that nobody asks for again; returns how many. Several turns forget many."""
    old = list(KeptAnswer.objects.filter(at__lt=before).values_list("id", flat=True)[:FORGET_AT_ONCE])
    return KeptAnswer.objects.filter(id__in=old).delete()[0]
