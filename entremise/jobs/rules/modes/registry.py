from collections.abc import Mapping

from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.placement_fr import PLACEMENT_FR
from entremise.jobs.rules.modes.self_employed_fr import SELF_EMPLOYED_FR

MODES: Mapping[str, Mode] = {mode.code: mode for mode in (PLACEMENT_FR, SELF_EMPLOYED_FR)}
USUAL = next(iter(MODES))  # What a request is unless somebody says otherwise.


def with_pricing(pricing: str) -> Mode:
    """The first mode whose price is made like this. Raises StopIteration when no mode does."""
    return next(mode for mode in MODES.values() if mode.pricing == pricing)
