"""The call screen: who is on the line, what they need, at which price, who could go."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entremise.doors.desk.fields import usual_place
from entremise.doors.desk.forms import CallForm
from entremise.doors.desk.nav import came_back, fragment, jobs_staff, page
from entremise.doors.desk.words import reason
from entremise.doors.desk.words_blocks import counted, told
from entremise.doors.frame.spoken import aloud, rhythm
from entremise.doors.frame.templatetags.entremise import hours, short_date
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import BadForm, on, read, write
from entremise.doors.frame.words import sentence
from entremise.jobs.models import UnsentRequest
from entremise.jobs.operations import calls
from entremise.jobs.queries import calling
from entremise.jobs.queries.asking import unsent_by_code
from entremise.jobs.queries.calling import Need
from entremise.jobs.queries.suggestions import SuggestedWorker
from entremise.jobs.rules.quick_entry import Understood, written
from entremise.jobs.rules.quotes import QuoteSplit
from entremise.kernel.act import Door
from entremise.kernel.ids import new_id
from entremise.kernel.words import fold
from entremise.people import queries as people
from entremise.people.models import Person, Place

NEW = "new"


def call_page(request: Inside) -> HttpResponse:
    form = came_back(request, CallForm) or CallForm(initial=_from_address(request))
    return page(request, "call", section="today", context={"form": form, **_screen(request, form)})


def _from_address(request: Inside) -> dict[str, object]:
    """What the softphone or another page says: whose number rings, who it is, what to do again."""
    asked, at = request.GET, request.visit.act(Door.PHONE).at
    unsent = unsent_by_code(typed=asked.get("code", ""), at=at)
    if unsent:
        return _from_web(unsent, request)
    client, phone = asked.get("client", ""), asked.get("tel", "")
    ringing = people.find(typed=phone) if phone and not client else []
    return {
        "client": str(ringing[0].person.id) if len(ringing) == 1 else client,
        "who": asked.get("qui", phone if len(ringing) > 1 else ""),
        "phone": phone,
        "like": asked.get("refaire", ""),
        "started": asked.get("debut", "") or at.isoformat(timespec="seconds"),
        "place": usual_place(request.visit.organisation.town),
        "once_key": str(new_id()),
    }


def _from_web(unsent: UnsentRequest, request: Inside) -> dict[str, object]:
    """What somebody answered on the web before they called, in the desk's fields."""
    at, zone = request.visit.act(Door.PHONE).at, request.visit.zone
    local = unsent.starts_at.astimezone(zone) if unsent.starts_at else None
    understood = Understood(
        day=local.date() if local else None,
        start=local.time() if local else None,
        recurrence=unsent.recurrence or None,
    )
    return {
        "client": str(unsent.client_id) if unsent.client_id else NEW if unsent.name else "",
        "who": unsent.name,
        "phone": unsent.phone,
        "street": unsent.street,
        "place": str(unsent.place) if unsent.place else usual_place(request.visit.organisation.town),
        "what": unsent.activity.called if unsent.activity else "",
        "when": written(understood, (), language=get_language() or "fr"),
        "length": hours(unsent.minutes),
        "note": unsent.note,
        "code": unsent.code,
        "started": at.isoformat(timespec="seconds"),
        "once_key": str(new_id()),
    }


def _screen(request: Inside, form: CallForm) -> dict[str, object]:
    at, zone = request.visit.act(Door.PHONE).at, request.visit.zone
    seen = calling.screen(
        client=form.client_id(),
        who=str(form["who"].value() or ""),
        typed=form.typed(),
        like=form.like_number(),
        place=_place(form),
        at=at,
        zone=zone,
        by_quote=bool(form["by_quote"].value()),
    )
    need, found = seen.need, seen.draft.suggestions
    return {
        "screen": seen,
        "unsent": unsent_by_code(typed=str(form["code"].value() or ""), at=at),
        "card": seen.card,
        "need": need,
        "quote": seen.draft.quote,
        "ready": found is not None,
        "has_suppliers": people.any_supplier(),
        "aloud": aloud(need.starts_at, at.astimezone(zone)) if need.starts_at else "",
        "rhythm": rhythm(need.recurrence),
        "why_not": sentence(seen.refused) if seen.refused else "",
        "suggested": [suggestion(one, seen.draft.own) for one in found.people] if found else [],
        "site": [told(one, client=seen.card.person.id if seen.card else None) for one in found.site] if found else [],
        "blocked": counted(found.blocked) if found else [],
        "new": form["client"].value() == NEW,
        "started": form["started"].value(),
        "who_value": seen.card.person.full_name if seen.card else form["who"].value() or "",
        "newcomer": [form[name] for name in ("phone", "street", "place")],
        "fields": _fields(form, need),
        "start_at": "when" if seen.like else "line" if seen.card else "",
        "focus_who": seen.card is None,
    }


def _fields(form: CallForm, need: Need) -> list[dict[str, object]]:
    """The four fields: what they hold, what the line fills them with, and what was understood of them."""
    echoes = {
        "what": need.activity.called if need.activity else "",
        "when": " · ".join(part for part in (short_date(need.starts_at), rhythm(need.recurrence)) if part),
        "length": hours(need.minutes),
    }
    if need.time_is_guess:
        echoes["when"] += " " + _("(heure à confirmer)")
    rows = []
    for name in ("what", "when", "length", "note"):
        typed, words = str(form[name].value() or ""), str(getattr(need.words, name))
        from_line = bool(need.words.line) and not typed
        row = {"field": form[name], "value": typed or words, "echo": echoes.get(name, "")}
        rows.append({**row, "filled": from_line, "fill": words if from_line else ""})
    return rows


def suggestion(one: SuggestedWorker, own: Mapping[UUID, QuoteSplit] | None = None) -> dict[str, object]:
    """A worker as the list of suggestions shows them. own: what each asks, where they name the price."""
    blocks, reasons = one.suggestion.blocks, one.suggestion.reasons
    return {
        "person": one.person,
        "own": (own or {}).get(one.person.id),
        "hours": next((reason(given).text for given in reasons if given.code == "hours"), ""),
        "reasons": [reason(given) for given in reasons if given.code != "hours"],
        "blocks": [told(given, worker=one.person.id) for given in blocks],
        "barred": any(not given.waivable for given in blocks),
    }


def _place(form: CallForm) -> Place | None:
    typed = str(form["place"].value() or "")
    found = people.find_place(typed=typed) if typed else []
    return found[0] if len(found) == 1 else None


@read(jobs_staff)
def preview(request: Inside) -> HttpResponse:
    """What was understood so far, as fragments; nothing is written."""
    form = CallForm(request.GET)
    return fragment(request, "call_preview", {"form": form, **_screen(request, form)})


@write(jobs_staff, again=call_page)
def take(request: Inside) -> HttpResponse:
    """End the call: with a request, with a promise to call back, or with nothing."""
    form = request.form = CallForm(request.POST)
    form.is_valid()
    act = request.visit.act(Door.PHONE)
    known = _known(form)
    if request.POST.get("do") in ("call_back", "nothing"):
        return _log_only(request, form, known, request.POST["do"])
    zone = request.visit.zone
    like = calling.request_like(number=form.like_number() or 0, client=known.id) if known else None
    need = calling.read_need(typed=form.typed(), today=act.at.astimezone(zone).date(), zone=zone, like=like)
    form.check(need, known)
    if known is None and form["client"].value() != NEW and people.find(typed=str(form["who"].value() or "")):
        form.add_error("who", _("Choisissez la personne dans la liste, ou « Nouvelle personne »."))
    wanted = form.wanted(need, like)
    if wanted is None or form.errors or not request.POST.get("seen"):
        raise BadForm(form)
    made = calls.take_request(
        act=act,
        once=form.once(),
        started_at=form.started_at(act.at),
        caller=form.caller(known),
        wanted=wanted,
        unsent=unsent_by_code(typed=form.cleaned_data["code"], at=act.at),
    )
    messages.success(request, _("Demande %(number)s enregistrée.") % {"number": made.listing.number})
    return redirect("desk:request", number=made.listing.number)


def _log_only(request: Inside, form: CallForm, known: Person | None, outcome: str) -> HttpResponse:
    if "phone" in form.errors or (outcome == "call_back" and known is None and not form.cleaned_data.get("phone")):
        if "phone" not in form.errors:
            form.add_error("phone", _("À quel numéro rappeler ?"))
        raise BadForm(form)
    act = request.visit.act(Door.PHONE, on_behalf_of=known.id if known else None)
    typed = form.typed()
    note = " · ".join(part for part in (typed.line, typed.what, typed.when, typed.note) if part)
    calls.log_only(
        act=act, started_at=form.started_at(act.at), caller=form.caller(known), outcome=outcome, note=note[:300]
    )
    said = _("Appel noté, à rappeler.") if outcome == "call_back" else _("Appel noté.")
    messages.success(request, said)
    return redirect("desk:today")


def _known(form: CallForm) -> Person | None:
    client = form.client_id()
    return people.get(person=client) if client else None


call = on(get=read(jobs_staff)(call_page), post=take)


@read(staff)
def caller(request: Inside) -> HttpResponse:
    """Options of the caller's combobox."""
    typed = request.GET.get("q", "")
    found = people.find(typed=typed)
    options = [{"found": one, "name": marked(one.person.full_name, typed)} for one in found]
    unsent = unsent_by_code(typed=typed, at=request.visit.act(Door.PHONE).at)
    return fragment(request, "call_options", {"options": options, "unsent": unsent, "typed": typed})


def marked(name: str, typed: str) -> SafeString:
    """The name with what was typed of its words marked, whatever the accents."""
    starts = fold(typed).split()
    return format_html_join(" ", "{}", ((_marked_word(word, starts),) for word in name.split()))


def _marked_word(word: str, starts: list[str]) -> SafeString:
    length = max((len(start) for start in starts if fold(word).startswith(start)), default=0)
    return format_html("<mark>{}</mark>{}", word[:length], word[length:]) if length else format_html("{}", word)
