"""Somebody who works on their own account sells to the client; the organisation brings them together for a commission.

The client pays the supplier, never the organisation: money of others is not held without a licence. The supplier's
quote, once the client accepts it, is the contract; each month the organisation draws up the supplier's invoices in
their name, and sends them its own invoice for the commission with a statement.
"""

from entremise.figures.rules import FigureTable
from entremise.jobs.rules.modes import Checks, Mode, Paper, Priced, Share
from entremise.jobs.rules.modes.self_employed_fr.checks import business_papers, person_blocks, site_blocks
from entremise.jobs.rules.modes.self_employed_fr.papers import quote, service_order
from entremise.kernel.act import Role
from entremise.settlement.rules.commission import commission_of


def shares(priced: Priced, figures: FigureTable) -> tuple[Share, ...]:
    """The commission is all taxes included: what the supplier keeps and what we ask make up the price exactly."""
    commission = commission_of(priced.price, priced.commission)
    return (("supplier", priced.price - commission), ("commission", commission))


SELF_EMPLOYED_FR = Mode(
    code="self_employed_fr",
    comes=Role.SUPPLIER,
    parties={"organisation": False, "client": True, "supplier": True},
    signed=("supplier", "client"),  # By sending the quote, and by accepting it.
    promises={
        "work": ("supplier", "client", "HOUR"),
        "fee": ("client", "supplier", "EUR"),
        "whole_fee": ("client", "supplier", "EUR"),
        "commission": ("supplier", "organisation", "SHARE"),
    },
    papers=(),
    order=Paper("supplier", "service_order", "BC", "service_order", service_order),
    quote=Paper("client", "quote", "DV", "quote", quote),
    checks=Checks(site=site_blocks, person=person_blocks, papers=business_papers, in_twos=False),
    pricing="quote",
    shares=shares,
)
