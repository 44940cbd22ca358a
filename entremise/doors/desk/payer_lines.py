"""One transfer of a payer for several of its shares: which ones, and what is left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_payers import SharesForm
from entremise.doors.desk.lines import next_line
from entremise.doors.desk.nav import came_back, page
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.rules.payer_lines import OpenShare


@dataclass(frozen=True)
class OfPayer:
    """What a payer owes, and which of it is ticked. Cents."""

    shares: list[OpenShare]
    ticked: set[UUID]
    line: int

    @property
    def months(self) -> list[date]:
        return sorted({one.month for one in self.shares})

    @property
    def due(self) -> int:
        return sum(one.due for one in self.shares)

    @property
    def sum(self) -> int:
        return sum(one.due for one in self.shares if one.id in self.ticked)

    @property
    def more(self) -> int:
        """Of the line, that nothing ticked takes."""
        return max(0, self.line - self.sum)

    @property
    def less(self) -> int:
        """Ticked, that the line does not reach."""
        return max(0, self.sum - self.line)


def shares_page(request: Inside, line: UUID) -> HttpResponse:
    """What each payer owes: ticked as it came back, as a person chose by a month, or as it is proposed."""
    meant = paid.line(line=line)
    groups, owed = settled.share_groups(line=meant), settled.shares_open()
    form = came_back(request, SharesForm)
    chosen = [one for shares in owed.of_payer.values() for one in shares if _chosen(request, one)]
    proposed = chosen or (list(groups[0].shares) if groups else [])
    ticked = form.ticked if isinstance(form, SharesForm) else {one.id for one in proposed}
    payers = [OfPayer(shares, ticked, meant.amount) for shares in owed.of_payer.values()]
    context = {
        "line": meant,
        "groups": groups,
        "payers": sorted(payers, key=lambda one: (not one.sum, one.shares[0].name)),
        "form": form,
    }
    return page(request, "line_shares", section="money", context=context)


@write(money_staff, again=shares_page)
def receive(request: Inside, line: UUID) -> HttpResponse:
    """The line pays what is ticked."""
    form = request.form = SharesForm(request.POST)
    checked(form)
    meant = paid.line(line=line)
    settlement.receive_shares(act=request.visit.act(Door.DESK), line=meant, shares=form.cleaned_data["shares"])
    messages.success(request, _("Paiement noté."))
    return next_line(meant)


shares = on(get=read(money_staff)(shares_page), post=receive)


def _chosen(request: Inside, share: OpenShare) -> bool:
    months: Collection[str] = request.GET.getlist("mois")
    mine = request.GET.get("payeur", "") == str(share.payer)
    return mine and (not months or f"{share.month:%Y-%m}" in months)
