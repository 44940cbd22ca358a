"""How it went: what a member is asked, what they said, and what was said of them once it is open."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.agreements import queries as agreed
from entremise.agreements.models import Feedback
from entremise.agreements.rules import FEEDBACK
from entremise.doors.frame.feedback import OpinionForm, WordsForm, shown
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site.forms import said_by
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import feedback as queries
from entremise.jobs.queries import thanking
from entremise.kernel.act import Door


def feedback_page(request: Inside, feedback: UUID | None = None) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    seen = queries.mine(person=request.visit.person, at=at)
    to_give = []
    for row in seen.to_give:
        back = request.form if row.feedback.id == feedback and isinstance(request.form, OpinionForm) else None
        us = row.feedback.occasion in seen.us
        to_give.append({"row": row, "form": back or OpinionForm(anchor=row.feedback.id.hex, us=us)})
    given = [{"row": row, **shown(row.feedback), **_forms(request, row, feedback)} for row in seen.read]
    if feedback not in {row.feedback.id for row in (*seen.to_give, *seen.read)}:
        request.refusal = request.refusal or said_by(request.form)
    thanks = thanking.waits(client=request.visit.person, at=at.astimezone(request.visit.zone))
    context = {"nav": tabs(request, ""), "to_give": to_give, "given": given, "thanks": thanks}
    return render(request, "site/feedback.html", context)


def _forms(request: Inside, row: queries.Said, sent: UUID | None) -> dict[str, object]:
    """What whom it is about may still do with it. The form that came back stands in the place it was typed."""
    one = row.feedback
    back = request.form if one.id == sent and isinstance(request.form, WordsForm) else None
    replying = back is not None and _way(request) == "reply_feedback"
    may_reply = not row.mine and FEEDBACK.allows(one.state, "reply") and not one.replied_at
    may_contest = not row.mine and FEEDBACK.allows(one.state, "contest")
    reply = (back if replying else None) or WordsForm(anchor=f"r{one.id.hex}", label=_("Votre réponse"))
    contest = (None if replying else back) or WordsForm(anchor=f"c{one.id.hex}", label=_("Pourquoi le retirer ?"))
    return {"reply": reply if may_reply else None, "contest": contest if may_contest else None}


def _way(request: Inside) -> str | None:
    return request.resolver_match.url_name if request.resolver_match else None


@read(signed_in)
def show_feedback(request: Inside) -> HttpResponse:
    return feedback_page(request)


@write(signed_in, again=feedback_page)
def give(request: Inside, feedback: UUID) -> HttpResponse:
    found = _mine(request, feedback, writer=True)
    form = request.form = OpinionForm(request.POST, anchor=feedback.hex)
    checked(form)
    mission = queries.mission_of(feedback=found)
    jobs.give_feedback(act=request.visit.act(Door.SITE), mission=mission, feedback=found, **form.cleaned_data)
    messages.success(request, _("Merci. L’autre personne le lira quand elle aura donné le sien."))
    return redirect("site:feedback")


@write(signed_in, again=feedback_page)
def reply(request: Inside, feedback: UUID) -> HttpResponse:
    found, words = _said(request, feedback, "r")
    jobs.reply_to_feedback(act=request.visit.act(Door.SITE), feedback=found, words=words)
    messages.success(request, _("Votre réponse est ajoutée."))
    return redirect("site:feedback")


@write(signed_in, again=feedback_page)
def contest(request: Inside, feedback: UUID) -> HttpResponse:
    found, words = _said(request, feedback, "c")
    act, mission = request.visit.act(Door.SITE), queries.mission_of(feedback=found)
    jobs.contest_feedback(act=act, mission=mission, feedback=found, words=words)
    messages.success(request, _("Une personne de l’équipe vous appelle tous les deux, puis décide."))
    return redirect("site:feedback")


def _said(request: Inside, feedback: UUID, anchor: str) -> tuple[Feedback, str]:
    found = _mine(request, feedback, writer=False)
    form = request.form = WordsForm(request.POST, anchor=f"{anchor}{feedback.hex}")
    checked(form)
    return found, form.cleaned_data["words"]


def _mine(request: Inside, feedback: UUID, *, writer: bool) -> Feedback:
    """What they were asked, or what was said of them; anything else does not exist for them."""
    found = agreed.feedback(feedback=feedback)
    whose = found and (found.writer_id if writer else found.about_id)
    sealed = found is not None and not writer and found.state in ("asked", "sealed", "lapsed")
    if found is None or whose != request.visit.person or found.about_id is None or sealed:
        raise Http404
    return found
