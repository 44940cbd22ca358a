from uuid import UUID

from entremise.history.models import Fact
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.people.rules.may import Verb, require


def export_list(*, act: Act, verb: Verb, name: str, kind: str, owner: UUID | None = None) -> Fact:
    """Somebody takes a list away as a file. kind: ods or csv. owner: whose rows it holds, when they are somebody's own.

    verb: what taking this list is. Its filters may be words about people, so they are not written down.
    Raises Refused("not_allowed").
    """
    require(act, verb, owner=owner)
    return record(act=act, type="list_exported", thing="list", thing_id=None, data={"list": name, "format": kind})
