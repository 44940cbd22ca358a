"""A member's own pages: where they begin, short addresses, help."""

from django.http import HttpResponse
from django.shortcuts import render

from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import read
from entremise.doors.site import hosting, working
from entremise.doors.site.nav import tabs
from entremise.kernel.act import Role


@read(signed_in)
def show_me(request: Inside) -> HttpResponse:
    """Work first, for whoever works; else what happens at home."""
    roles = request.visit.actor.roles
    if Role.WORKER in roles:
        return working.home_page(request)
    if Role.CLIENT in roles:
        return hosting.home_page(request)
    return _help(request)


@read(signed_in)
def show_help(request: Inside) -> HttpResponse:
    return _help(request)


def _help(request: Inside) -> HttpResponse:
    return render(request, "site/help.html", {"nav": tabs(request, "help")})
