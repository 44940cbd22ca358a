"""One spreadsheet into the organisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from entremise.jobs.operations.import_extras import describe_imported
from entremise.jobs.operations.import_hours import import_hours
from entremise.jobs.operations.imports import import_requests
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.queries import bank_accounts_of
from entremise.people import operations as people
from entremise.people.operations import Extra
from entremise.people.queries import get
from entremise.people.rules.may import Verb, allowed
from entremise.people.rules.preview import Outcome, Reason
from entremise.people.rules.sheet import Sheet

KINDS = ("people", "requests", "hours", "places")


@dataclass(frozen=True)
class Import:
    """role: for lines of people that do not say. good_only: take the good lines and leave the others."""

    kind: str
    sheet: Sheet
    zone: ZoneInfo
    role: Role | None = None
    good_only: bool = False
    progress: Callable[[int], None] | None = None

    def run(self, act: Act, *, dry_run: bool) -> list[Outcome]:
        """The door's transaction is the caller's, so that a line refused at the end leaves nothing behind."""
        if self.kind == "people":
            return self._people(act, dry_run=dry_run)
        if self.kind == "places":
            return people.import_places(
                act=act, sheet=self.sheet, dry_run=dry_run, good_only=self.good_only, progress=self.progress
            )
        take = import_requests if self.kind == "requests" else import_hours
        return take(
            act=act,
            sheet=self.sheet,
            zone=self.zone,
            dry_run=dry_run,
            good_only=self.good_only,
            progress=self.progress,
        )

    def _people(self, act: Act, *, dry_run: bool) -> list[Outcome]:
        done = people.import_people(
            act=act,
            sheet=self.sheet,
            dry_run=dry_run,
            role=self.role,
            good_only=self.good_only,
            progress=self.progress,
        )
        if dry_run:
            return done.outcomes
        doubts: dict[int, tuple[Reason, ...]] = {
            one.line: one.reasons for one in describe_imported(act=act, extras=done.extras)
        }
        for line, reason in _accounts(act, done.extras):
            doubts[line] = (*doubts.get(line, ()), reason)
        return [replace(one, reasons=(*one.reasons, *doubts.get(one.line, ()))) for one in done.outcomes]


def _accounts(act: Act, extras: Sequence[Extra]) -> list[tuple[int, Reason]]:
    """Bank accounts of workers who have none yet. Only staff write them down: see Verb.BANK_ACCOUNTS_SET."""
    named = [one for one in extras if "iban" in one.values and Role.WORKER in one.roles]
    if not allowed(act, Verb.BANK_ACCOUNTS_SET):
        return [(one.line, Reason("iban_left_out", {}, "iban")) for one in named]
    doubts, known = [], set(bank_accounts_of(people=[one.person for one in named]))
    for one in named:
        if one.person in known:
            continue
        try:
            payments.set_bank_account(act=act, person=get(person=one.person), iban=one.values["iban"])
        except Refused as refused:
            doubts.append((one.line, Reason.of(refused)))
        known.add(one.person)
    return doubts
