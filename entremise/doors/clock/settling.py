"""Settling a month: one transaction for each document, taken up again wherever it stopped."""

from collections.abc import Callable

from entremise.doors.clock.watch import Watch, log, read, write
from entremise.kernel.refused import Refused
from entremise.settlement import operations as settlement
from entremise.settlement.models import Item, Run
from entremise.settlement.queries import items_to_do, open_runs
from entremise.solidarity import operations as solidarity
from entremise.tenancy.models import Organisation


def work_through(
    watch: Watch, organisation: Organisation, run: Run, *, progress: Callable[[Item], object] = lambda item: None
) -> Run:
    """Make every document of a run that is still to be made; several clocks may share the work.

    What a rule refuses is blocked with its reason and the rest goes on. What fails otherwise stays to do.
    """

    def settle(item: Item) -> None:
        try:
            write(organisation, lambda act: solidarity.settle_item(act=act, item=item))
        except Refused as refused:
            reason = refused.code
            log.info("blocked", organisation=organisation.slug, item=str(item.id), code=reason)
            write(organisation, lambda act: settlement.block_item(act=act, item=item, reason=reason))
        progress(item)

    watch.each(organisation, "settle", read(organisation, lambda: items_to_do(run=run.id)), settle)
    return write(organisation, lambda act: settlement.finish_run(act=act, run=run))


def settle_open_runs(watch: Watch, organisation: Organisation) -> int:
    """Runs that the desk opened, or that a killed process left."""
    runs = read(organisation, open_runs)
    for run in runs:
        work_through(watch, organisation, run)
    return len(runs)
