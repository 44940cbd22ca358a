"""Small jobs for anyone: the list, the map, one of them, how they are ordered, what search engines read."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from entremise.buying import queries as buying
from entremise.doors.frame.days import WEEKDAYS
from entremise.doors.frame.spoken import rhythm
from entremise.doors.frame.visit import Inside, anyone, worker
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.frame.words_help import TERM_OF
from entremise.doors.frame.words_ranking import criteria
from entremise.doors.site.cards import cards, time_of
from entremise.doors.site.forms import AnswerForm
from entremise.doors.site.maps import drawing
from entremise.doors.site.nav import foot, head
from entremise.doors.site.searching import DISTANCES, PARTS, SearchForm, address, chips
from entremise.doors.site.words_blocks import said
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity
from entremise.jobs.queries import member, notices
from entremise.jobs.queries.desk import request_numbered
from entremise.jobs.queries.interests import reply_of
from entremise.jobs.queries.notices import NoticePage
from entremise.jobs.rules.notices import Mark, Order
from entremise.kernel.act import Door, Role
from entremise.people import queries as people

MAP = "carte"
ISO_HOURS = "PT%dM"


@read(anyone, kept=True)
def show_jobs(request: Inside) -> HttpResponse:
    """The list, or the map of the same filters."""
    at, zone = request.visit.act(Door.SITE).at, request.visit.zone
    activities = notices.activities()
    form = SearchForm(request.GET, activities.values())
    right = form.is_valid()
    wanted, after = form.wanted, Mark.read(request.GET.get("apres", ""))
    context: dict[str, Any] = {"nav": head("jobs"), "foot_nav": foot(), "form": form, "icons": static("icons.svg")}
    context["saving"] = Role.WORKER in request.visit.actor.roles
    if request.GET.get("vue") == MAP:
        spots = notices.spots(wanted=wanted, at=at, zone=zone, centre=form.centre)
        context |= {"found": None, "drawing": drawing(spots, request.GET)}
    else:
        found = notices.search(wanted=wanted, at=at, zone=zone, centre=form.centre, after=after)
        context |= {"found": found, "cards": cards(found.rows, activities, at), "many": notices.MANY}
        context["next"] = address(request.GET, apres=found.next) if found.next else ""
    context |= _filters(request, form, activities, by_distance=wanted.order is Order.DISTANCE)
    return render(request, "site/jobs.html", context, status=200 if right else 422)


def _filters(
    request: Inside, form: SearchForm, activities: dict[UUID, Activity], *, by_distance: bool
) -> dict[str, object]:
    """What the filters show, and the same list in its other order and view."""
    query, today = request.GET, localtime(request.visit.act(Door.SITE).at).date()
    return {
        "chips": chips(query, form, today),
        "given": {name: query.get(name, "") for name in form.fields},
        "ticked": set(query.getlist("jour")),
        "errors": {name: errors[0] for name, errors in form.errors.items()},
        "options": [(one.code, one.called) for one in activities.values() if one.offered],
        "distances": [str(km) for km in DISTANCES],
        "days": [(str(at), name) for at, name in enumerate(WEEKDAYS)],
        "parts": [(code, name) for code, (_part, name) in PARTS.items()],
        "refined": any(query.get(name) for name in ("du", "au", "jour", "moment", "regulier", "activite")),
        "by_distance": by_distance,
        "date_url": address(query, tri=None),
        "distance_url": address(query, tri=Order.DISTANCE.value),
        "list_url": address(query, vue=None),
        "map_url": address(query, vue=MAP),
    }


def job_page(request: Inside, number: int) -> HttpResponse:
    seen = notices.notice_page(number=number, at=request.visit.act(Door.SITE).at)
    context: dict[str, Any] = {"nav": head("jobs"), "foot_nav": foot(), "number": number}
    if seen is None:
        if not notices.was_wanted(number=number):
            raise Http404
        return render(request, "site/job_over.html", context, status=410)
    notice, visit = seen.notice, request.visit
    reply = None
    if Role.WORKER in visit.actor.roles:
        at = visit.act(Door.SITE).at
        reply = reply_of(request=notice.request_id, number=number, person=visit.person, at=at)
    context |= {
        "reply": reply,
        "against": [(said(block), TERM_OF.get(block.code, "")) for block in reply.against] if reply else [],
        "seen": seen,
        "notice": notice,
        "title": notice.activity.called,
        "place": notice.place.name if notice.place else request.visit.organisation.town,
        "rhythm": rhythm(notice.recurrence),
        "hours": time_of(notice.starts_at, notice.minutes),
        "posting": _posting(request, seen),
    }
    return render(request, "site/job.html", context)


@write(worker, again=job_page)
def answer_job(request: Inside, number: int) -> HttpResponse:
    """« Je veux y aller », or not after all."""
    form = AnswerForm(request.POST)
    checked(form)
    act, person = request.visit.act(Door.SITE), people.get(person=request.visit.person)
    wanted = request_numbered(number=number)
    if wanted is None:
        raise Http404
    if form.cleaned_data["answer"] == "yes":
        jobs.show_interest(act=act, request=wanted, person=person)
        messages.success(request, _("C’est noté : vous voulez y aller. Nous choisissons et nous vous répondons."))
    else:
        jobs.take_interest_back(act=act, request=wanted, person=person)
        messages.success(request, _("C’est noté : vous n’y allez pas. Cela ne change rien pour la suite."))
    return redirect("site:job", number=number)


@read(anyone, kept=True)
def show_job(request: Inside, number: int) -> HttpResponse:
    return job_page(request, number)


@read(anyone)
def short_link(request: Inside, number: int) -> HttpResponse:
    """`/m/318`, as a text message or a printed square says it: the job, and for whoever goes there their own page."""
    visit = request.visit
    if worker(visit) and member.goes_to(number=number, worker=visit.person):
        return redirect("site:me")
    return redirect("site:job", number=number)


@read(anyone, kept=True)
def show_ranking(request: Inside) -> HttpResponse:
    """How the list is ordered and how people are suggested, for everybody to read."""
    return render(request, "site/ranking.html", {"nav": head("jobs"), "foot_nav": foot(), "rows": criteria()})


def _posting(request: Inside, seen: NoticePage) -> dict[str, object]:
    """The notice for search engines: schema.org's JobPosting."""
    notice, organisation = seen.notice, request.visit.organisation
    home = request.build_absolute_uri(reverse("site:home"))
    where: dict[str, object] = {"@type": "PostalAddress", "addressCountry": organisation.country}
    if notice.place:
        where |= {"addressLocality": notice.place.name, "postalCode": notice.place.postcode}
    hourly = {"@type": "QuantitativeValue", "value": notice.wage / 100, "unitText": "HOUR"}
    return {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": notice.activity.called,
        "description": f"{notice.activity.called}. {notice.words}".strip(),
        "identifier": {"@type": "PropertyValue", "name": organisation.name, "value": str(notice.number)},
        "url": request.build_absolute_uri(),
        "datePosted": localtime(notice.put_up_at).date().isoformat(),
        "validThrough": localtime(notice.starts_at).isoformat(),
        "jobStartDate": localtime(notice.starts_at).date().isoformat(),
        "employmentType": ["PART_TIME", "TEMPORARY"],
        "workHours": ISO_HOURS % notice.minutes,
        "hiringOrganization": {"@type": "Organization", "name": organisation.name, "sameAs": home},
        "jobLocation": {"@type": "Place", "address": where},
        "baseSalary": {"@type": "MonetaryAmount", "currency": "EUR", "value": hourly},
        "directApply": False,
    }


# For search engines


@read(anyone, kept=True)
def robots(request: Inside) -> HttpResponse:
    """Members' and staff's pages are nobody's to search."""
    closed = ["/bureau/"]
    for language, _name in settings.LANGUAGES:
        with override(language):
            closed += [reverse("site:me"), reverse("site:enter"), reverse("site:link", args=["-"]).removesuffix("-")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('site:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@read(anyone, kept=True)
def sitemap(request: Inside) -> HttpResponse:
    """The pages that everybody may read, with every job that is still wanted and every purchase that runs."""
    pages = [(reverse(f"site:{name}"), "") for name in ("home", "jobs", "job_ranking", "purchases", "results", "give")]
    found = notices.in_sitemap(at=request.visit.act(Door.SITE).at)
    pages += [(f"{reverse('site:jobs')}{number}/", f"{day:%Y-%m-%d}") for number, day in found]
    running = buying.running(at=request.visit.act(Door.SITE).at)
    pages += [(reverse("site:purchase", args=[one.campaign.number]), "") for one in running]
    base = request.build_absolute_uri("/").rstrip("/")
    rows = ((f"{base}{path}", format_html("<lastmod>{}</lastmod>", day) if day else "") for path, day in pages)
    body = format_html_join("\n", "<url><loc>{}</loc>{}</url>", rows)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</urlset>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
