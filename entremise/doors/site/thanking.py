"""« Remercier » : a client gives something to whoever came, from what they have with us. Nobody is asked to."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.forms_thanks import ThankForm
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site.forms import said_by
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import member, thanking
from entremise.kernel.act import Door
from entremise.settlement import queries as settled


def thanks_page(request: Inside, mission: UUID | None = None) -> HttpResponse:
    at = request.visit.act(Door.SITE).at.astimezone(request.visit.zone)
    rows: list[dict[str, object]] = []
    shown = False
    for seen in thanking.to_thank(client=request.visit.person, at=at):
        back = request.form if seen.mission.id == mission and isinstance(request.form, ThankForm) else None
        form = None if seen.tip else back or ThankForm(anchor=seen.mission.id.hex)
        shown = shown or (form is not None and form is request.form)
        rows.append({"mission": seen.mission, "tip": seen.tip, "form": form})
    if not shown:
        request.refusal = request.refusal or said_by(request.form)
    free = settled.free_on_account(person=request.visit.person)
    return render(request, "site/thanks.html", {"nav": tabs(request, ""), "rows": rows, "free": free})


@read(client)
def thanks(request: Inside) -> HttpResponse:
    return thanks_page(request)


@write(client, again=thanks_page)
def give(request: Inside, mission: UUID) -> HttpResponse:
    meant = member.mission_of(mission=mission, client=request.visit.person)
    if meant is None:
        raise Http404
    form = request.form = ThankForm(request.POST, anchor=mission.hex)
    checked(form)
    key = f"site:{request.visit.person}:{form.cleaned_data['once']}"
    tip = jobs.thank(act=request.visit.act(Door.SITE), mission=meant, amount=form.cents, how="account", key=key)
    said = {"name": tip.worker.called, "amount": in_euros(tip.amount)}
    messages.success(request, _("%(amount)s pour %(name)s : c’est dit.") % said)
    return redirect("site:thanks")
