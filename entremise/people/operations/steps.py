from entremise.history.models import Fact
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.people.rules.may import Verb, require


def hide_first_steps(*, act: Act) -> Fact:
    """Somebody at the desk puts the list of first steps away, for themselves. Raises Refused("not_allowed")."""
    require(act, Verb.TASKS_FINISH)
    return record(act=act, type="first_steps_hidden", thing="person", thing_id=act.by.person)
