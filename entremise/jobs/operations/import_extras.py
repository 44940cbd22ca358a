from collections.abc import Sequence

from entremise.history.operations import record_many
from entremise.jobs.models import Skill, Worker
from entremise.jobs.queries.calling import as_words, offered_activities
from entremise.jobs.rules.extras import WorkerLine, read_worker
from entremise.kernel.act import Act, Role
from entremise.people.models import Membership
from entremise.people.operations import Extra
from entremise.people.rules.may import Verb, require
from entremise.people.rules.preview import Outcome, Verdict

BATCH = 1000


def describe_imported(*, act: Act, extras: Sequence[Extra]) -> list[Outcome]:
    """Everybody who holds the role of a worker can be matched from now on, with what a list of people says of them:
    hours wanted, skills, how they get there. A worker described before stays as they are.

    Returns the lines where something was not understood; it is left out.
    """
    require(act, Verb.IMPORTS_RUN)
    activities = offered_activities()
    by_code, words = {one.code: one for one in activities}, as_words(activities)
    said, doubts = {}, []
    for extra in extras:
        said[extra.person] = line = read_worker(extra.values, words)
        if line.bad and Role.WORKER in extra.roles:
            doubts.append(Outcome(extra.line, Verdict.MATCH, extra.values.get("skills", "")[:60], line.bad))
    described = Worker.objects.values("person")
    new = Membership.objects.filter(role=Role.WORKER.value, until__isnull=True).exclude(person__in=described)
    workers, skills = [], []
    for person in new.values_list("person_id", flat=True):
        line = said.get(person, WorkerLine())
        worker = Worker(person_id=person, hours_wanted=line.hours_wanted, travel_mode=line.travel, since=act.at.date())
        workers.append(worker)
        skills += [Skill(worker=worker, activity=by_code[code], since=act.at.date()) for code in line.skills]
    Worker.objects.bulk_create(workers, batch_size=BATCH)
    Skill.objects.bulk_create(skills, batch_size=BATCH)
    record_many(
        act=act, type="worker_described", thing="person", data={one.person_id: {"imported": True} for one in workers}
    )
    return doubts
