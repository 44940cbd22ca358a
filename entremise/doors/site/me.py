"""A member's own pages: where they begin, short addresses, help."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from entremise.buying.queries import has_orders
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site import hosting, working
from entremise.doors.site.forms import LanguageForm
from entremise.doors.site.nav import tabs
from entremise.doors.site.results import local_day
from entremise.kernel.act import Door, Role
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.pools.queries import shares_help
from entremise.solidarity.queries import seat_of


@read(signed_in)
def show_me(request: Inside) -> HttpResponse:
    """Work first, for whoever works; else what happens at home."""
    roles = request.visit.actor.roles
    if roles & {Role.WORKER, Role.SUPPLIER}:
        return working.home_page(request)
    if Role.CLIENT in roles:
        return hosting.home_page(request)
    return _help(request)


@read(signed_in)
def show_help(request: Inside) -> HttpResponse:
    return _help(request)


def _help(request: Inside) -> HttpResponse:
    language = {"language": request.visit.language}
    form = request.form or LanguageForm(initial=language)
    sits = seat_of(person=request.visit.person, on=local_day(request))
    shares = shares_help(person=request.visit.person)
    context = {"nav": tabs(request, "help"), "form": form, "sits": sits, "shares": shares}
    context["ordered"] = has_orders(person=request.visit.person)
    return render(request, "site/help.html", context)


@write(signed_in, again=_help)
def speak(request: Inside) -> HttpResponse:
    """In which language we write to this person; the pages follow."""
    form = request.form = LanguageForm(request.POST)
    checked(form)
    language, visit = form.cleaned_data["language"], request.visit
    people.change_person(act=visit.act(Door.SITE), person=Person.objects.get(id=visit.person), language=language)
    with override(language):
        messages.success(request, _("C’est noté."))
        return redirect("site:help")
