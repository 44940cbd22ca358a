"""How a visit went: written down for whoever says it on the phone, read once it is open, decided when contested."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.agreements import queries as agreed
from entremise.agreements.models import Feedback
from entremise.agreements.rules import FEEDBACK
from entremise.doors.desk.nav import found, jobs_staff, page
from entremise.doors.frame.feedback import OpinionForm, WordsForm, shown
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.queries import feedback as queries
from entremise.kernel.act import Act, Door


def feedback_page(request: Inside, mission: UUID, feedback: UUID | None = None) -> HttpResponse:
    seen, at = found(queries.on_mission(mission=mission)), request.visit.act(Door.PHONE).at
    rows = [
        {**shown(one), "open": one.opens_at > at, "forms": _forms(request, one, one.id == feedback)}
        for one in seen.rows
    ]
    return page(request, "feedback", section="requests", context={"mission": seen.mission, "rows": rows})


def _forms(request: Inside, one: Feedback, sent: bool) -> dict[str, object]:
    typed = request.form if sent else None
    words = typed if isinstance(typed, WordsForm) else None
    opinion = typed if isinstance(typed, OpinionForm) else None
    kind = request.resolver_match.url_name if words and request.resolver_match else ""

    def form(name: str, label: str) -> WordsForm:
        return words if words and kind == name else WordsForm(anchor=f"{name[0]}{one.id.hex}", label=label)

    return {
        "give": opinion or OpinionForm(anchor=one.id.hex, us=False) if one.state == "asked" else None,
        "reply": form("reply_feedback", _("Sa réponse"))
        if FEEDBACK.allows(one.state, "reply") and not one.reply
        else None,
        "contest": form("contest_feedback", _("Pourquoi ?")) if FEEDBACK.allows(one.state, "contest") else None,
        "decide": form("decide_feedback", _("Ce qui est décidé, et pourquoi")) if one.state == "contested" else None,
    }


on_visit = read(jobs_staff)(feedback_page)


@write(jobs_staff, again=feedback_page)
def give(request: Inside, mission: UUID, feedback: UUID) -> HttpResponse:
    """Said on the phone."""
    one = _of(mission, feedback)
    form = request.form = OpinionForm(request.POST, anchor=feedback.hex, us=False)
    checked(form)
    act = request.visit.act(Door.PHONE, on_behalf_of=one.writer_id)
    jobs.give_feedback(act=act, mission=queries.mission_of(feedback=one), feedback=one, **form.cleaned_data)
    return _noted(request, mission)


@write(jobs_staff, again=feedback_page)
def reply(request: Inside, mission: UUID, feedback: UUID) -> HttpResponse:
    one, words, act = _typed(request, mission, feedback, "r")
    jobs.reply_to_feedback(act=act, feedback=one, words=words)
    return _noted(request, mission)


@write(jobs_staff, again=feedback_page)
def contest(request: Inside, mission: UUID, feedback: UUID) -> HttpResponse:
    one, words, act = _typed(request, mission, feedback, "c")
    jobs.contest_feedback(act=act, mission=queries.mission_of(feedback=one), feedback=one, words=words)
    return _noted(request, mission)


@write(jobs_staff, again=feedback_page)
def decide(request: Inside, mission: UUID, feedback: UUID) -> HttpResponse:
    """Both were heard."""
    one, words, _act = _typed(request, mission, feedback, "d")
    keep = request.POST.get("keep") == "yes"
    act = request.visit.act(Door.DESK)
    jobs.decide_feedback(act=act, feedback=one, keep=keep, reason=words)
    return _noted(request, mission)


def _typed(request: Inside, mission: UUID, feedback: UUID, anchor: str) -> tuple[Feedback, str, Act]:
    one = _of(mission, feedback)
    form = request.form = WordsForm(request.POST, anchor=f"{anchor}{feedback.hex}")
    checked(form)
    return one, form.cleaned_data["words"], request.visit.act(Door.PHONE, on_behalf_of=one.about_id)


def _of(mission: UUID, feedback: UUID) -> Feedback:
    one = found(agreed.feedback(feedback=feedback))
    if one.occasion != mission or one.about_id is None:
        raise Http404
    return one


def _noted(request: Inside, mission: UUID) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect("desk:feedback", mission=mission)
