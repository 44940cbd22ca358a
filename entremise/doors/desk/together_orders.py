"""An order of a group purchase for somebody who calls, or who stands before a volunteer."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as pledged
from entremise.campaigns.rules import TAKING
from entremise.doors.desk.forms_orders import Known, OrderForm
from entremise.doors.desk.nav import buyers, came_back, found, page
from entremise.doors.desk.words_together import standing_words, to_read_aloud
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, may
from entremise.settlement.queries.accounts import free_on_account

READ = "relire"  # What was typed is read aloud before it is taken.


def order_page(request: Inside, number: int, person: UUID) -> HttpResponse:
    """What they want, then the sentence that they hear, then their yes: nothing is written before."""
    purchase, who = found(bought.purchase(number=number)), found(persons.person(person=person))
    seen, known = bought.standing(purchase=purchase), _known(purchase.campaign_id, person)
    articles = [line.article for line in seen.lines]
    asked = request.GET if READ in request.GET and request.method == "GET" else None
    form = came_back(request, OrderForm) or _form(request, asked, articles, known)
    ready = asked is not None and form.is_valid()
    campaign, at = purchase.campaign, request.visit.act(Door.DESK).at
    context = {
        "purchase": purchase,
        "campaign": campaign,
        "person": who,
        "known": known,
        "form": form,
        "failed": form if form.is_bound and not ready else None,
        "rows": [{**row, "words": standing_words(line)} for row, line in zip(form.rows(), seen.lines, strict=True)],
        "ready": ready,
        "typed": form.typed() if ready else [],
        "at_most": form.at_most if ready else 0,
        "aloud": to_read_aloud(form.wanted(), form.at_most, campaign.closes_at) if ready else "",
        "fills": campaign.fills_at is not None and campaign.fills_at <= at,
        "takes": campaign.state in TAKING and campaign.opens_at <= at < campaign.closes_at,
        "free": free_on_account(person=person) if _sets_aside(request) else None,
    }
    return page(request, "together_order", section="together", context=context)


@write(buyers, again=order_page)
def take(request: Inside, number: int, person: UUID) -> HttpResponse:
    purchase, who = found(bought.purchase(number=number)), found(persons.person(person=person))
    articles = bought.articles_of(purchase=purchase.id)
    known = _known(purchase.campaign_id, person)
    form = request.form = _form(request, request.POST, articles, known)
    checked(form)
    given = form.cleaned_data
    try:
        buying.order(
            act=request.visit.act(Door(given["door"]), on_behalf_of=person),
            purchase=purchase,
            person=who,
            wants=form.wants(),
            means=given["means"],
            budget=given["budget"],
        )
    except Refused as refused:
        raise form.beside(refused) from refused
    said = _("Commande changée : %(name)s.") if known else _("Commande notée : %(name)s.")
    messages.success(request, said % {"name": who.full_name})
    return redirect("desk:together_one", number=number)


order = on(get=read(buyers)(order_page), post=take)


@write(buyers, again=order_page)
def withdraw(request: Inside, number: int, person: UUID) -> HttpResponse:
    """They want nothing any more."""
    purchase = found(bought.purchase(number=number))
    pledge = found(pledged.pledge_of(campaign=purchase.campaign_id, person=person))
    campaigns.withdraw(act=request.visit.act(Door.PHONE, on_behalf_of=person), pledge=pledge)
    messages.success(request, _("Commande annulée. Cette personne ne doit rien."))
    return redirect("desk:together_one", number=number)


def _sets_aside(request: Inside) -> bool:
    return may(request.visit.actor.roles, Verb.ACCOUNTS_USE)


def _form(request: Inside, data: QueryDict | None, articles: Sequence[Article], known: Known | None) -> OrderForm:
    return OrderForm(data, articles=articles, known=known, account=_sets_aside(request))


def _known(campaign: UUID, person: UUID) -> Known | None:
    pledge = pledged.pledge_of(campaign=campaign, person=person)
    return Known(pledge, pledged.wishes_of(pledges=[pledge.id])[pledge.id]) if pledge else None
