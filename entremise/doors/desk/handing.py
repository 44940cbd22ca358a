"""The hand-over of a group purchase: the list of who collects what, ticked on a telephone or on paper."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Parcel
from entremise.campaigns.models import Pledge
from entremise.documents.queries import drawn, qr_code
from entremise.doors.desk.forms_supply import HandForm, LeaveForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, handing, page
from entremise.doors.desk.words_supply import SEEN
from entremise.doors.frame.addresses import home_of
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.kernel.phone import spoken


@read(handing)
def pickup(request: Inside, number: int) -> HttpResponse:
    """Everybody who has a parcel, by name; each is one tick."""
    purchase = found(bought.purchase(number=number))
    asked, typed = request.GET.get("vue", ""), request.GET.get("q", "").strip()
    seen = asked if asked in SEEN else "a-remettre"
    parcels = bought.parcels_of(purchase=purchase.id, states=SEEN[seen][1], typed=typed)
    context = {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "rows": [{"parcel": one, "key": uuid4().hex, "amount": amount_of(one)} for one in parcels],
        "counted": bought.parcels_counted(purchase=purchase.id),
        "seen": seen,
        "tabs": [(name, label) for name, (label, _states) in SEEN.items()],
        "typed": typed,
        "exports": offer(request, "together_pickup", achat=number),
    }
    return page(request, "together_pickup", section="together", context=context)


def parcel_page(request: Inside, number: int, parcel: UUID) -> HttpResponse:
    one = _meant(number, parcel)
    context = {
        "parcel": one,
        "purchase": one.purchase,
        "campaign": one.purchase.campaign,
        "person": one.share.pledge.person,
        "amount": amount_of(one),
        "form": came_back(request, HandForm) or HandForm(counted=_planned(one), key=uuid4().hex),
        "leave_form": came_back(request, LeaveForm) or LeaveForm(),
        "kept_until": bought.kept_until(purchase=one.purchase),
    }
    return page(request, "together_parcel", section="together", context=context)


@write(handing, again=parcel_page)
def hand_over(request: Inside, number: int, parcel: UUID) -> HttpResponse:
    """From the list, all of it; from its own page, what is really taken. Sent again by a telephone that was offline, it
    is the same tick by its key.
    """
    one = _meant(number, parcel)
    form = HandForm(request.POST, counted=_planned(one))
    request.form = form
    checked(form)
    given = form.units()
    done = buying.hand_over(
        act=request.visit.act(Door.DESK),
        parcel=one,
        key=form.cleaned_data["key"],
        to=form.cleaned_data["to"],
        given=given or None,
    )
    said = _("Colis %(number)s remis, facture %(invoice)s.")
    messages.success(request, said % {"number": done.number, "invoice": done.invoice.number if done.invoice else ""})
    return redirect("desk:together_pickup", number=number)


parcel = on(get=read(handing)(parcel_page), post=hand_over)


@write(handing, again=parcel_page)
def leave(request: Inside, number: int, parcel: UUID) -> HttpResponse:
    """Nobody came for it."""
    form = LeaveForm(request.POST)
    request.form = form
    checked(form)
    act = request.visit.act(Door.DESK)
    done = buying.leave_parcel(act=act, parcel=_meant(number, parcel), reason=form.cleaned_data["reason"])
    said = _("Colis %(number)s pas retiré : rien n’est facturé, son contenu peut être proposé de nouveau.")
    messages.success(request, said % {"number": done.number})
    return redirect("desk:together_pickup", number=number)


@read(handing)
def sheet(request: Inside, number: int) -> HttpResponse:
    """The list on paper, with boxes to tick; each square opens its parcel."""
    purchase = found(bought.purchase(number=number))
    organisation, at = request.visit.organisation, request.visit.act(Door.DESK).at
    home = home_of(organisation)
    data = {
        "org": {"name": organisation.name, "phone": spoken(organisation.phone) if organisation.phone else ""},
        "campaign": purchase.campaign.number,
        "title": purchase.campaign.title,
        "where": purchase.where,
        "span": {"first": purchase.handed_from.isoformat(), "last": purchase.handed_until.isoformat()},
        "parcels": [
            _printed(one, home, number) for one in bought.parcels_of(purchase=purchase.id, states=SEEN["a-remettre"][1])
        ],
    }
    pdf = drawn(template="pickup_sheet", data=data, at=timezone.localtime(at))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="remise-{number}.pdf"'
    return answer


def amount_of(parcel: Parcel) -> int:
    """Cents: of what it holds, or of what was given once it has ended."""
    return sum(line.amount for line in parcel.lines.all())


def _printed(parcel: Parcel, home: str, number: int) -> dict[str, object]:
    pledge = parcel.share.pledge
    address = reverse("desk:together_parcel", args=[number, parcel.id])
    return {
        "number": parcel.number,
        "name": pledge.person.full_name,
        "account": pledge.means == Pledge.Means.ACCOUNT,
        "amount": amount_of(parcel),
        "lines": [{"title": one.article.lot.title, "units": one.planned} for one in parcel.lines.all() if one.planned],
        "qr": qr_code(text=home + address),
    }


def _planned(parcel: Parcel) -> list[tuple[Article, int | None]]:
    return [(line.article, line.planned) for line in parcel.lines.all() if line.planned]


def _meant(number: int, parcel: UUID) -> Parcel:
    one = found(bought.parcel(parcel=parcel))
    return found(one if one.purchase.campaign.number == number else None)
