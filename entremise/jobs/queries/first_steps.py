"""What a new organisation has done of what opens its service, from the rows themselves."""

from uuid import UUID

from django.db.models import Exists

from entremise.agreements.models import Agreement, Confirmation
from entremise.history.models import Fact
from entremise.jobs.models import Activity, Tariff, TerritoryPlace
from entremise.market.models import Proposal
from entremise.messaging.models import Call
from entremise.people.models import Membership
from entremise.settlement.models import Run
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation

STEPS = ("identity", "activities", "tariffs", "territory", "people", "call", "proposal", "contract", "hours", "month")
HIDDEN = "first_steps_hidden"


def first_steps(*, person: UUID) -> dict[str, bool]:
    """Step → whether it is done, in their order; nothing when all are, or when this person put them away. One query."""
    done = {
        "identity": Exists(LegalIdentity.objects.all()),
        "activities": Exists(Activity.objects.filter(offered=True)),
        "tariffs": Exists(Tariff.objects.all()),
        "territory": Exists(TerritoryPlace.objects.all()),
        "people": Exists(Membership.objects.filter(role="worker")),
        "call": Exists(Call.objects.all()),
        "proposal": Exists(Proposal.objects.all()),
        "contract": Exists(Agreement.objects.filter(state__in=["active", "ended"])),
        "hours": Exists(Confirmation.objects.all()),
        "month": Exists(Run.objects.filter(state="finished")),
        "hidden": Exists(Fact.objects.filter(type=HIDDEN, by=person)),
    }
    names = [*STEPS, "hidden"]
    found = Organisation.objects.filter(id=scope.current()).annotate(**done).values_list(*names).get()
    row = dict(zip(names, map(bool, found), strict=True))
    return {} if row["hidden"] or all(row[step] for step in STEPS) else {step: row[step] for step in STEPS}
