from collections.abc import Iterable

from entremise.jobs.models import Mission, Skill, Worker
from entremise.kernel.act import Act


def seen_doing(*, act: Act, missions: Iterable[Mission]) -> None:
    """Whoever has done an activity can do it: a skill that the organisation has seen. Two statements for all of them.

    What was known already stays as it is. The missions' own facts say when and by whom.
    """
    done = {(mission.worker_id, mission.request.activity_id) for mission in missions}
    workers = dict(Worker.objects.filter(person__in={person for person, _ in done}).values_list("person", "id"))
    skills = [
        Skill(worker_id=workers[person], activity_id=activity, how="seen", since=act.at.date())
        for person, activity in sorted(done)
        if person in workers
    ]
    Skill.objects.bulk_create(skills, ignore_conflicts=True)
