"""What an import will do with each line, said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from entremise.kernel.refused import Refused


class Verdict(StrEnum):
    CREATE = "create"
    MATCH = "match"
    ASK = "ask"  # Perhaps somebody known: left out until a human has said so.
    REFUSE = "refuse"


@dataclass(frozen=True)
class Reason:
    """A code with the values that its sentence names, and the field it is about."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    where: str = ""

    @staticmethod
    def of(refused: Refused) -> "Reason":
        return Reason(refused.code, refused.params, refused.where)


@dataclass(frozen=True)
class Outcome:
    """line: as the spreadsheet numbers it. what: the line in a few words, a name or a mission. reasons: why not, why
    this person, or what to look at although the line is good.
    """

    line: int
    verdict: Verdict
    what: str
    reasons: tuple[Reason, ...] = ()
