"""Everything that can be proved of an organisation's books and history, proved anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from entremise.doors.clock.watch import Watch, log, write
from entremise.history.queries import count_facts, first_broken_link
from entremise.ledger.models import Proof, Seal
from entremise.ledger.queries import broken_seals, count_transfers, last_seal, verify
from entremise.ledger.rules import Problem
from entremise.settlement import operations as settlement
from entremise.tenancy import scope, walls
from entremise.tenancy.models import Organisation

MOST = 1000  # Problems that are looked for: whoever has as many needs no longer list.


@dataclass(frozen=True)
class Proved:
    transfers: int
    facts: int
    seal: Seal | None
    found: list[Problem]


def prove(
    organisation: Organisation,
    *,
    begin: Callable[[int], object] = lambda total: None,
    progress: Callable[[int], object] = lambda rows: None,
) -> Proved:
    """What is wrong with the walls, the books and the history, all at one moment, whoever writes meanwhile.

    begin, progress: are told how many rows there are to walk, and how many more were.
    """
    with scope.snapshot(organisation.id):
        transfers, facts = count_transfers(), count_facts()
        begin(transfers + facts)
        found = list(islice(_problems(progress), MOST))
        return Proved(transfers, facts, last_seal(), found)


def _problems(progress: Callable[[int], object]) -> Iterator[Problem]:
    yield from (Problem("wall_down", table) for table in walls.fallen())
    yield from verify()
    yield from broken_seals(progress=progress)
    broken = first_broken_link(progress=progress)
    if broken:
        yield Problem("history_broken", str(broken.fact), found=broken.position)


def note(organisation: Organisation, proved: Proved) -> Proof:
    """Write a proof down; it may stop payouts, or let them go."""
    return write(
        organisation,
        lambda act: settlement.note_proof(act=act, transfers=proved.transfers, facts=proved.facts, found=proved.found),
    )


def prove_anew(watch: Watch, organisation: Organisation) -> int:
    """The daily proof: whatever is wrong is in the log, a task, and stops payouts; never set right silently."""
    found: list[Problem] = []

    def go() -> None:
        proved = prove(organisation)
        found.extend(proved.found)
        note(organisation, proved)

    watch.one(organisation, "check", organisation.id, go)
    for one in found:
        log.error("books_wrong", organisation=organisation.slug, problem=str(one))
    return len(found)


def migrations_wait() -> bool:
    """Whether the tables are of an earlier version than the program: nothing can be proved then."""
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
