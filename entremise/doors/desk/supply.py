"""After a group purchase closed: the order to its supplier, what came of it, and the supplier's bill."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Purchase
from entremise.buying.queries import Supplied
from entremise.doors.desk.forms_supply import BilledForm, HandoverForm, ReceiveForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import allowed_to, came_back, found, handing, page
from entremise.doors.desk.words_supply import differences
from entremise.doors.frame.sheets import CSV_TYPE, write_csv
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, read, write
from entremise.kernel.act import Door
from entremise.people.rules.may import Verb

running = allowed_to(Verb.CAMPAIGNS_RUN)


def handover_page(request: Inside, number: int) -> HttpResponse:
    purchase = found(bought.purchase(number=number))
    lines = bought.supply(purchase=purchase.id)
    counted = bought.parcels_counted(purchase=purchase.id)
    said = [differences(one.balance) for one in lines]
    context = {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "lines": [{"one": one, "said": words} for one, words in zip(lines, said, strict=True)],
        "differs": any(said),
        "to_order": [] if lines else bought.ordered(purchase=purchase.id),
        "receive_form": came_back(request, ReceiveForm) or ReceiveForm(counted=received(lines)),
        "billed_form": came_back(request, BilledForm) or BilledForm(counted=billed(lines)),
        "move_form": came_back(request, HandoverForm) or HandoverForm(initial=_days(purchase)),
        "counted": counted,
        "open": counted.waiting + counted.ready,
        "kept_until": bought.kept_until(purchase=purchase),
        "exports": offer(request, "together_handover", achat=number),
    }
    return page(request, "together_handover", section="together", context=context)


handover = read(handing)(handover_page)


@write(running, again=handover_page)
def order(request: Inside, number: int) -> HttpResponse:
    paper = buying.order_supply(act=request.visit.act(Door.DESK), purchase=_meant(number))
    said = _("Commande %(number)s faite. Envoyez le papier ou le tableau au fournisseur.")
    messages.success(request, said % {"number": paper.number})
    return redirect("desk:together_handover", number=number)


@read(handing)
def order_table(request: Inside, number: int) -> HttpResponse:
    """The same order as its paper, for whoever fills a spreadsheet; nothing of any household is in it."""
    paper = found(found(bought.purchase(number=number)).order)
    answer = HttpResponse(content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{paper.number}.csv"'
    titles = [_("Article"), _("Unité"), _("Cartons"), _("Unités par carton"), _("Unités"), _("Prix à l’unité (€)")]
    rows = [
        [
            one["title"],
            one["unit"],
            one["boxes"],
            one["size"],
            one["units"],
            _euros(one["price"]),
            _euros(one["amount"]),
        ]
        for one in paper.data["lines"]
    ]
    body = BytesIO()
    write_csv(body, titles=[*titles, _("Montant (€)")], rows=rows)
    answer.write(body.getvalue())
    return answer


@write(running, again=handover_page)
def receive(request: Inside, number: int) -> HttpResponse:
    purchase = _meant(number)
    form = ReceiveForm(request.POST, counted=received(bought.supply(purchase=purchase.id)))
    request.form = form
    checked(form)
    complete = form.cleaned_data["complete"] == "yes"
    act = request.visit.act(Door.DESK)
    buying.receive_supply(act=act, purchase=purchase, received=form.units(), complete=complete)
    if complete:
        messages.success(request, _("C’est noté. Les foyers savent que leur colis est prêt."))
    else:
        messages.success(request, _("C’est noté. Les colis se préparent quand tout est là."))
    return redirect("desk:together_handover", number=number)


@write(running, again=handover_page)
def note_billed(request: Inside, number: int) -> HttpResponse:
    purchase = _meant(number)
    form = BilledForm(request.POST, counted=billed(bought.supply(purchase=purchase.id)))
    request.form = form
    checked(form)
    buying.note_billed(act=request.visit.act(Door.DESK), purchase=purchase, billed=form.units())
    messages.success(request, _("C’est noté. Relisez ce qui ne concorde pas."))
    return redirect("desk:together_handover", number=number)


@write(running, again=handover_page)
def move(request: Inside, number: int) -> HttpResponse:
    """The delivery is late, or the place is taken."""
    form = request.form = HandoverForm(request.POST)
    checked(form)
    given = form.cleaned_data
    buying.set_handover(
        act=request.visit.act(Door.DESK),
        purchase=_meant(number),
        where=given["where"],
        first=given["first"],
        last=given["last"],
    )
    messages.success(request, _("C’est noté. Les foyers dont le colis est prêt le lisent aussi."))
    return redirect("desk:together_handover", number=number)


@write(handing, again=handover_page)
def finish(request: Inside, number: int) -> HttpResponse:
    buying.finish_purchase(act=request.visit.act(Door.DESK), purchase=_meant(number))
    messages.success(request, _("Cet achat groupé est terminé."))
    return redirect("desk:together_handover", number=number)


def received(lines: Sequence[Supplied]) -> list[tuple[Article, int | None]]:
    """What the form of what came begins with: what was counted, or what was ordered."""
    return [(one.article, one.balance.received if one.balance.received is not None else None) for one in lines]


def billed(lines: Sequence[Supplied]) -> list[tuple[Article, int | None]]:
    return [(one.article, one.balance.billed) for one in lines]


def _days(purchase: Purchase) -> dict[str, object]:
    return {"where": purchase.where, "first": purchase.handed_from, "last": purchase.handed_until}


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _meant(number: int) -> Purchase:
    return found(bought.purchase(number=number))
