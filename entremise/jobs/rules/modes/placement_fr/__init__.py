"""Placement by an association intermédiaire: it employs the worker and lends them to the client (C. trav. L5132-7).

Two contracts and a mission order: the placement agreement with the client (R5132-20), written before the start; the
work contract with the worker (CDD d'usage, D1242-1 12°, mentions of L1242-12); the order for each occasion.
"""

from entremise.figures.rules import FigureTable
from entremise.jobs.rules.limits import missing_papers, site_blocks, worker_blocks
from entremise.jobs.rules.modes import Checks, Mode, Paper, Priced, Share
from entremise.jobs.rules.modes.placement_fr.papers import mission_order, placement_agreement, work_contract
from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.settlement.rules.employer import split_of


def shares(priced: Priced, figures: FigureTable) -> tuple[Share, ...]:
    """Nothing when the price does not even pay its own work."""
    try:
        parts = split_of(
            client_price=priced.price,
            minutes=priced.minutes,
            hourly_gross=priced.wage,
            figures=figures,
            day=priced.on,
        )
    except Refused:
        return ()
    return (
        ("wage_gross", parts.wage_gross),
        ("employer_contributions", parts.employer_contributions),
        ("accompaniment", parts.accompaniment),
        ("running", parts.running),
    )


PLACEMENT_FR = Mode(
    code="placement_fr",
    comes=Role.WORKER,
    parties={"organisation": True, "client": True, "worker": True},
    signed=("organisation",),  # By whoever made the offer.
    promises={
        "work": ("worker", "client", "HOUR"),
        "price": ("client", "organisation", "EUR"),
        "travel": ("client", "organisation", "EUR"),
        "wage": ("organisation", "worker", "EUR"),
    },
    papers=(
        Paper("client", "placement_agreement", "MAD", "placement_agreement", placement_agreement),
        Paper("worker", "work_contract", "CT", "work_contract", work_contract),
    ),
    order=Paper("worker", "mission_order", "OM", "mission_order", mission_order),
    checks=Checks(site=site_blocks, person=worker_blocks, papers=missing_papers, in_twos=True),
    pricing="tariff",
    shares=shares,
)
