from collections.abc import Mapping
from typing import Any

from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.placement_fr import PLACEMENT_FR
from entremise.jobs.rules.modes.self_employed_fr import SELF_EMPLOYED_FR

MODES: Mapping[str, Mode] = {mode.code: mode for mode in (PLACEMENT_FR, SELF_EMPLOYED_FR)}
USUAL = next(iter(MODES))  # What a request is unless somebody says otherwise.


class InMode:
    """What is done in a work mode; its column `mode` names it."""

    mode: Any

    @property
    def by_quote(self) -> bool:
        """Whoever comes names the price, and the client accepts it."""
        return MODES[self.mode].by_quote

    @property
    def owed_to_who_comes(self) -> bool:
        """What the client owes is owed to whoever comes, not to us."""
        return MODES[self.mode].owed_to_who_comes


def with_pricing(pricing: str) -> Mode:
    """The first mode whose price is made like this. Raises StopIteration when no mode does."""
    return next(mode for mode in MODES.values() if mode.pricing == pricing)
