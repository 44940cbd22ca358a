"""Ask for help: one question a page, answers kept at each, sent once. Works without scripts and without sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entremise.doors.frame.limits import HOUR, Limit, by_address, by_phone, limited
from entremise.doors.frame.spoken import rhythm
from entremise.doors.frame.templatetags.entremise import hours, phone, spoken_date
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms_asking import LENGTHS, DetailsForm, NeedForm, Question, WhenForm, YouForm
from entremise.doors.site.prices import price_parts
from entremise.jobs import operations as jobs
from entremise.jobs.models import UnsentRequest
from entremise.jobs.operations.asking import Answers
from entremise.jobs.queries import asking
from entremise.jobs.queries.prices import Quote
from entremise.jobs.rules.asking import GUESSED_MINUTES
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.models import Person

UNSENT = "unsent"  # In the session: the request that this visitor has begun.
CHECKING = "verifier"  # In the address of a page that somebody came back to from the check.
BEGINS = Limit("ask-begin", 60, HOUR, by_address)
SENDS = Limit("ask-send", 20, HOUR, by_address)
SENDS_BY_PHONE = Limit("ask-send-phone", 5, HOUR, by_phone)
PAGES = ("need", "details", "when", "you")


@dataclass(frozen=True)
class Asked:
    """The visitor's request so far, and the pages that they are asked."""

    unsent: UnsentRequest | None
    client: Person | None
    pages: tuple[str, ...]
    now: datetime

    @property
    def open(self) -> UnsentRequest | None:
        return self.unsent if self.unsent and not self.unsent.request_id else None

    @property
    def missing(self) -> str | None:
        """The first page without an answer."""
        answered = self.open.typed if self.open else {}
        return next((page for page in self.pages if page not in answered), None)

    @property
    def day(self) -> date:
        starts_at = self.open.starts_at if self.open else None
        return (starts_at or self.now).astimezone(self.now.tzinfo).date()


def _asked(request: Inside) -> Asked:
    at, me = request.visit.act(Door.SITE).at, request.visit.actor.person
    key = request.session.get(UNSENT)
    unsent = asking.unsent_of(unsent=UUID(key), client=me, at=at) if key else None
    client = people.get(person=me) if me else None
    local = at.astimezone(request.visit.zone)
    return Asked(unsent, client, tuple(page for page in PAGES if page != "you" or client is None), local)


@read(anyone)
def ask(request: Inside) -> HttpResponse:
    """Where somebody left off, else the first question."""
    asked = _asked(request)
    missing = asked.missing
    return redirect(f"site:ask_{missing}" if missing else "site:ask_check")


# Pages


def need_page(request: Inside) -> HttpResponse:
    asked = _asked(request)
    activities = asking.web_activities(client=asked.client, on=asked.now.date())
    first = asked.open.typed.get("need") if asked.open else {"activity": request.GET.get("activite", "")}
    form = request.form or NeedForm(activities=activities, initial=first)
    tiles = [{"code": one.code, "name": one.called, "pictogram": one.pictogram} for one in activities]
    return _page(request, asked, "need", form, tiles=tiles)


@limited(BEGINS)
@write(anyone, again=need_page)
def keep_need(request: Inside) -> HttpResponse:
    asked = _asked(request)
    activities = asking.web_activities(client=asked.client, on=asked.now.date())
    form = request.form = NeedForm(request.POST, activities=activities)
    checked(form)
    words = {} if asked.open and "details" in asked.open.typed else {"note": form.cleaned_data["words"]}
    return _keep(request, asked, "need", form, {"activity": form.chosen, **words})  # type: ignore[typeddict-item]  # mypy does not see the keys of `words`.


def details_page(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None:
        return redirect("site:ask_need")
    first = {"note": asked.open.note, **asked.open.typed.get("details", {})}
    form = request.form or DetailsForm(quotes=_quotes(asked), initial=first)
    return _page(request, asked, "details", form)


@write(anyone, again=details_page)
def keep_details(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None:
        return redirect("site:ask_need")
    form = request.form = DetailsForm(request.POST, quotes=_quotes(asked))
    checked(form)
    return _keep(request, asked, "details", form, {"minutes": form.minutes, "note": form.cleaned_data["note"]})


def when_page(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None:
        return redirect("site:ask_need")
    form = request.form or WhenForm(now=asked.now, initial=asked.open.typed.get("when"))
    return _page(request, asked, "when", form)


@write(anyone, again=when_page)
def keep_when(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None:
        return redirect("site:ask_need")
    form = request.form = WhenForm(request.POST, now=asked.now)
    checked(form)
    return _keep(request, asked, "when", form, form.answers)


def you_page(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None or asked.client:
        return redirect("site:ask")
    form = request.form or _you_form(request, initial=asked.open.typed.get("you"))
    return _page(request, asked, "you", form, communes=asking.territory())


@limited(SENDS_BY_PHONE, BEGINS)
@write(anyone, again=you_page)
def keep_you(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.open is None or asked.client:
        return redirect("site:ask")
    form = request.form = _you_form(request, data=request.POST)
    checked(form)
    said = form.cleaned_data
    answers: Answers = {
        "name": said["name"],
        "phone": said["phone"],
        "street": said["street"],
        "place": said["place"],
    }
    return _keep(request, asked, "you", form, answers)


def _you_form(request: Inside, *, data: object = None, initial: object = None) -> YouForm:
    name, known = request.visit.organisation.name, people.places_known()
    return YouForm(data, organisation=name, territory=asking.territory(), known=known, initial=initial)


def check_page(request: Inside) -> HttpResponse:
    asked = _asked(request)
    if asked.unsent and asked.unsent.request_id:
        return redirect("site:asked")
    if asked.missing or asked.open is None:
        return redirect("site:ask")
    wish = _when(asked.open)
    said = _("Vous demandez : %(what)s. %(when)s. Si c’est bon, appuyez sur Envoyer ma demande.") % {
        "what": asked.open.activity.called if asked.open.activity else "",
        "when": wish,
    }
    return _page(request, asked, "check", None, said=said, by=asking.call_by(asked=asked.now))


@limited(SENDS)
@write(anyone, again=check_page)
def send(request: Inside) -> HttpResponse:
    """Sent again by a double click or a reload, it is the same request."""
    asked = _asked(request)
    if asked.unsent is None or (asked.missing and not asked.unsent.request_id):
        return redirect("site:ask")
    jobs.send_request(
        act=request.visit.act(Door.SITE),
        unsent=asked.unsent.id,
        unsettled=_unsettled(asked.unsent),
        language=get_language() or "fr",
    )
    return redirect("site:asked")


@read(anyone)
def show_asked(request: Inside) -> HttpResponse:
    """Its number and what comes next; nothing that the desk may have learnt since."""
    asked = _asked(request)
    sent = asked.unsent.request if asked.unsent else None
    if sent is None:
        return redirect("site:ask")
    by = asking.call_by(asked=sent.posted_at.astimezone(asked.now.tzinfo))
    context = {"number": sent.listing.number, "what": sent.activity.called, "by": by, "member": asked.client}
    return render(request, "site/asked.html", context)


need = on(get=read(anyone)(need_page), post=keep_need)
details = on(get=read(anyone)(details_page), post=keep_details)
when = on(get=read(anyone)(when_page), post=keep_when)
you = on(get=read(anyone)(you_page), post=keep_you)
check = on(get=read(anyone)(check_page), post=send)


# What they share


def _keep(request: Inside, asked: Asked, name: str, form: Question, answers: Answers) -> HttpResponse:
    """Keep a page's answers, then the next question, or the check for whoever came from there."""
    unsent = jobs.keep_answers(
        act=request.visit.act(Door.SITE), unsent=asked.open, page=name, typed=form.typed(), **answers
    )
    request.session[UNSENT] = str(unsent.id)
    after = (*asked.pages, "check")[asked.pages.index(name) + 1]
    return redirect(f"site:ask_{'check' if CHECKING in request.GET else after}")


def _page(request: Inside, asked: Asked, name: str, form: object, **more: object) -> HttpResponse:
    pages = (*asked.pages, "check")
    words = {"need": _("Besoin"), "details": _("Détails"), "when": _("Quand"), "you": _("Vous"), "check": _("Vérifier")}
    at = pages.index(name)
    before = "ask_check" if CHECKING in request.GET else f"ask_{pages[at - 1]}" if at else "home"
    context = {
        "form": form,
        "back": reverse(f"site:{before}"),
        "steps": [words[page] for page in pages],
        "at": at + 1,
        "recap": _recap(asked, name),
        "unsent": asked.open,
        **_price(asked),
        **more,
    }
    return render(request, f"site/ask_{name}.html", context)


def _quotes(asked: Asked) -> Mapping[int, Quote]:
    """What each length costs that may be chosen."""
    if asked.open is None or asked.open.activity is None:
        return {}
    lengths = {*LENGTHS, asked.open.minutes or GUESSED_MINUTES}
    return asking.quotes(client=asked.client, activity=asked.open.activity, lengths=sorted(lengths), on=asked.day)


def _price(asked: Asked) -> dict[str, object]:
    minutes = (asked.open.minutes if asked.open else None) or GUESSED_MINUTES
    quote = _quotes(asked).get(minutes)
    return {"quote": quote, "parts": price_parts(quote) if quote else []}


def _recap(asked: Asked, name: str) -> list[dict[str, object]]:
    """What is answered already, each with the way back to its page; on the check all of it."""
    unsent = asked.open
    if unsent is None:
        return []
    rows: list[tuple[str, str, str, str]] = []
    if "need" in unsent.typed and unsent.activity:
        rows.append(("need", _("Besoin"), unsent.activity.called, _("le besoin")))
    if "details" in unsent.typed:
        rows.append(("details", _("Durée"), hours(unsent.minutes) or _("à voir ensemble"), _("la durée")))
        if unsent.note:
            rows.append(("details", _("À savoir"), unsent.note, _("ce qu’il faut savoir")))
    if "when" in unsent.typed:
        rows.append(("when", _("Quand"), _when(unsent), _("le jour")))
    if asked.client:
        home = ", ".join(part for part in (asked.client.street, str(asked.client.place or "")) if part)
        rows.append(("", _("Où"), home or _("adresse à demander"), ""))
        rows.append(("", _("Vous"), asked.client.called, ""))
    elif "you" in unsent.typed:
        home = ", ".join(part for part in (unsent.street, str(unsent.place or "")) if part)
        rows.append(("you", _("Où"), home, _("l’adresse")))
        rows.append(("you", _("Vous"), f"{unsent.name} · {phone(unsent.phone)}", _("votre nom, votre téléphone")))
    return [
        {"label": label, "value": value, "what": what, "url": _change(page) if page and page != name else ""}
        for page, label, value, what in rows
    ]


def _change(page: str) -> str:
    return f"{reverse(f'site:ask_{page}')}?{CHECKING}=1"


def _when(unsent: UnsentRequest) -> str:
    """« mardi 24 novembre, 9 h, chaque mardi », or their words while the day is open."""
    said = unsent.wish or ", ".join(part for part in (spoken_date(unsent.starts_at), rhythm(unsent.recurrence)) if part)
    return said[:1].upper() + said[1:]


def _unsettled(unsent: UnsentRequest) -> str:
    """When and how long, in words, while one of them is to be settled on the telephone."""
    if unsent.minutes is None:
        return _("%(when)s, durée à voir ensemble") % {"when": unsent.wish or spoken_date(unsent.starts_at)}
    return f"{unsent.wish}, {hours(unsent.minutes)}" if unsent.wish else ""
