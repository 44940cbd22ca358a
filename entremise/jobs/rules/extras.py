"""What a list of people says of its workers, as this room keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entremise.jobs.rules.quick_entry import ActivityWords, parse_what
from entremise.kernel.refused import Refused
from entremise.kernel.words import fold
from entremise.people.rules.preview import Reason
from entremise.people.rules.typed import duration_typed, list_typed

# The first that is said counts, from the fastest: « voiture, sinon vélo » goes by car.
_TRAVEL = {
    "car": "voiture auto vehicule vehicule permis scooter moto car",
    "bike": "velo trottinette bike",
    "bus": "bus transport transports tram commun train",
    "walk": "pied pieds marche aucun non sans walk",
}


@dataclass(frozen=True)
class WorkerLine:
    """hours_wanted: minutes a week. skills: codes of activities. bad: what was not understood and is left out."""

    hours_wanted: int = 0
    travel: str = "walk"
    skills: tuple[str, ...] = ()
    bad: tuple[Reason, ...] = ()


def read_worker(values: Mapping[str, str], activities: Sequence[ActivityWords]) -> WorkerLine:
    """values: the cells as typed, by field: hours_wanted, travel, skills."""
    bad: list[Reason] = []
    hours = 0
    if text := values.get("hours_wanted", ""):
        try:
            hours = duration_typed(text, where="hours_wanted")
        except Refused as refused:
            bad.append(Reason.of(refused))
    said = set(fold(values.get("travel", "")).split())
    travel = next((mode for mode, words in _TRAVEL.items() if said & set(words.split())), "")
    if said and not travel:
        bad.append(Reason("travel_not_understood", {"typed": values["travel"]}, "travel"))
    codes: dict[str, None] = {}
    for item in list_typed(values.get("skills", "")):
        code, _ = parse_what(item, activities)
        if code is None:
            bad.append(Reason("activity_not_found", {"typed": item}, "skills"))
        else:
            codes[code] = None
    return WorkerLine(hours, travel or "walk", tuple(codes), tuple(bad))
