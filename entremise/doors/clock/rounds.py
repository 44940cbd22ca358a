"""The rounds of the clock and how often each goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from entremise.doors.clock import (
    banking,
    dunning,
    letters,
    locating,
    paying,
    places,
    prints,
    proving,
    settling,
    together,
    upkeep,
)
from entremise.doors.clock.watch import Watch
from entremise.kernel.clock import now
from entremise.tenancy.models import Organisation
from entremise.tenancy.queries import all_organisations


@dataclass(frozen=True)
class Round:
    """every: how long after one turn the next is due. go returns how many items it carried."""

    name: str
    every: timedelta
    go: Callable[[Watch, Organisation], int]


ALWAYS = timedelta()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ROUNDS: Sequence[Round] = (
    Round("receive", ALWAYS, letters.receive),
    Round("statements", ALWAYS, banking.carry_on),
    Round("settle", ALWAYS, settling.settle_open_runs),
    Round("print", ALWAYS, prints.print_documents),
    Round("deliver", ALWAYS, letters.deliver),
    Round("pay", ALWAYS, paying.carry_out),
    Round("look", ALWAYS, paying.look),
    Round("accounts", ALWAYS, paying.look_at_accounts),
    Round("means", ALWAYS, paying.look_at_means),
    Round("modem", MINUTE, letters.hear_of_failures),
    Round("locate", MINUTE, locating.locate_people),
    Round("expire", MINUTE, upkeep.expire_proposals),
    Round("notices", MINUTE, upkeep.turn_notices_over),
    Round("release", MINUTE, upkeep.release_holds),
    Round("places", MINUTE, places.give),
    Round("campaigns", MINUTE, together.move_on),
    Round("close", ALWAYS, together.close),
    Round("let_go", ALWAYS, together.let_go),
    Round("standing", MINUTE, together.place_standing),
    Round("chain", MINUTE, upkeep.chain_facts),
    Round("presume", HOUR, upkeep.presume_silent_hours),
    Round("feedback", HOUR, upkeep.open_feedback),
    Round("remind", HOUR, upkeep.remind_unsigned),
    Round("renew", HOUR, upkeep.remind_renewals),
    Round("end", HOUR, upkeep.end_offers),
    Round("alert", HOUR, upkeep.send_alerts),
    Round("dun", HOUR, dunning.remind_late),
    Round("tell", HOUR, dunning.tell_charges),
    Round("charge", HOUR, dunning.charge),
    Round("payers", HOUR, dunning.remind_payers),
    Round("plans", HOUR, dunning.mind_plans),
    Round("vouchers", DAY, dunning.mind_vouchers),
    Round("parcels", HOUR, together.remind),
    Round("purchases", HOUR, together.finish),
    Round("additions", HOUR, places.book_additions),
    Round("seasons", HOUR, places.mind_seasons),
    Round("fold", HOUR, upkeep.fold_days),
    Round("seal", HOUR, upkeep.seal_days),
    Round("forget", HOUR, upkeep.forget_expired),
    Round("answers", HOUR, upkeep.forget_answers),
    Round("unsent", HOUR, upkeep.forget_unsent_requests),
    Round("provider", DAY, paying.read_statements),
    Round("check", DAY, proving.prove_anew),
)


@dataclass
class Wheel:
    """Goes round after round for every organisation. due: when each is due again."""

    watch: Watch
    rounds: Sequence[Round] = ROUNDS
    due: dict[tuple[str, UUID], datetime] = field(default_factory=dict)

    def turn(self) -> int:
        """Every round that is due, once; returns how many items were carried."""
        self.watch.forget_the_past()
        return sum(self._go(one, organisation) for organisation in all_organisations() for one in self.rounds)

    def _go(self, round_: Round, organisation: Organisation) -> int:
        at, key = now(), (round_.name, organisation.id)
        if self.watch.stop.is_set() or self.due.get(key, at) > at:
            return 0
        self.due[key] = at + round_.every
        carried: list[int] = []

        def go() -> None:
            carried.append(round_.go(self.watch, organisation))

        # What a round asks first may fail as well: the other rounds go on.
        self.watch.one(organisation, round_.name, "round", go)
        return sum(carried)


def until_nothing_is_left(watch: Watch, organisation: Organisation, go: Callable[[Watch, Organisation], int]) -> int:
    """The same round again for as long as it carries something."""
    return sum(iter(partial(go, watch, organisation), 0))
