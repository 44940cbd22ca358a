from collections.abc import Mapping

from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.placement_fr import PLACEMENT_FR

MODES: Mapping[str, Mode] = {mode.code: mode for mode in (PLACEMENT_FR,)}
