"""Long statements of the bank: read, then matched, a chunk in each transaction, and taken up where it stopped."""

from functools import partial

from entremise.doors.clock.watch import Watch, clock_act, read, write
from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.payments.models import BankFile
from entremise.payments.queries import long_statements, rest_of
from entremise.payments.rules import Entry
from entremise.settlement.operations.statements import Matching, match_on
from entremise.tenancy.models import Organisation


def carry_on(watch: Watch, organisation: Organisation) -> int:
    """Statements that the desk gave, or that a killed process left; returns how many."""
    return watch.each(
        organisation, "statements", read(organisation, long_statements), partial(work_through, watch, organisation)
    )


def work_through(watch: Watch, organisation: Organisation, file: BankFile) -> None:
    """To its end, unless the watch is over. In the memory of the file and of one chunk, however many lines it has."""
    if file.state == "reading":
        for chunk in read(organisation, lambda: rest_of(file=file)):
            if watch.stop.is_set():
                return
            write(organisation, partial(_read_on, file, chunk))
        write(organisation, partial(_read_on, file, []))
    against = read(organisation, lambda: Matching(on=clock_act(organisation).at.date()))
    while file.state == "matching" and not watch.stop.is_set():
        write(organisation, lambda act: match_on(act=act, file=file, against=against))


def _read_on(file: BankFile, entries: list[tuple[str, Entry]], act: Act) -> BankFile:
    return payments.read_on(act=act, file=file, entries=entries)
