"""What clients are asked to put aside for a work: all that is open, and one contract's at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_deposits import AskDepositForm, DepositInForm, TakeForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, page
from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import desk
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Deposit
from entremise.settlement.rules.deposits import LIVE


@read(counter)
def deposits(request: Inside) -> HttpResponse:
    rows = settled.live_deposits()
    return page(request, "deposits", section="money", context={"rows": rows, "exports": offer(request, "deposits")})


def deposit_page(request: Inside, number: str, **_of: UUID) -> HttpResponse:
    agreement = found(desk.contract_numbered(number=number)).agreement
    asked = settled.deposit_of(agreement=agreement.id)
    seen = settled.see_deposit(deposit=asked) if asked else None
    cards = takes_cards(request.visit.organisation)
    context = {
        "agreement": agreement,
        "seen": seen,
        "free": asked is None or asked.state not in LIVE,
        "cards": bool(cards),
        "ask_form": came_back(request, AskDepositForm) or AskDepositForm(cards=bool(cards)),
        "in_form": came_back(request, DepositInForm) or DepositInForm(),
        "take_form": came_back(request, TakeForm) or TakeForm(initial={"amount": (seen and seen.to_take) or None}),
    }
    return page(request, "deposit", section="money", context=context)


@write(counter, again=deposit_page)
def ask(request: Inside, number: str) -> HttpResponse:
    form = request.form = AskDepositForm(request.POST, cards=bool(takes_cards(request.visit.organisation)))
    checked(form)
    contract = found(desk.contract_numbered(number=number))
    client = found(contract.people.get("client")).person
    settlement.ask_deposit(
        act=request.visit.act(Door.DESK),
        agreement=contract.agreement,
        client=found(client),
        amount=form.cleaned_data["amount"],
        hold=form.cleaned_data.get("how") == "hold",
    )
    messages.success(request, _("C’est demandé. La personne reçoit un message."))
    return redirect("desk:deposit", number=number)


deposit = on(get=read(counter)(deposit_page), post=ask)


@write(counter, again=deposit_page)
def receive(request: Inside, number: str, deposit: UUID) -> HttpResponse:
    """Coins or a cheque, at the counter."""
    form = request.form = DepositInForm(request.POST)
    checked(form)
    meant = _of(number, deposit)
    act = request.visit.act(Door.COUNTER, on_behalf_of=meant.client_id)
    settlement.receive_deposit(act=act, deposit=meant, how=form.cleaned_data["how"])
    messages.success(request, _("Acompte reçu."))
    return redirect("desk:deposit", number=number)


@write(counter, again=deposit_page)
def take(request: Inside, number: str, deposit: UUID) -> HttpResponse:
    """Of what is held on the card, what is due; the rest is let go."""
    form = request.form = TakeForm(request.POST)
    checked(form)
    act, meant = request.visit.act(Door.DESK), _of(number, deposit)
    settlement.take_deposit(act=act, deposit=meant, amount=form.cleaned_data["amount"])
    messages.success(request, _("C’est demandé au prestataire de paiement."))
    return redirect("desk:deposit", number=number)


@write(counter, again=deposit_page)
def withdraw(request: Inside, number: str, deposit: UUID) -> HttpResponse:
    """It is not wanted after all."""
    settlement.withdraw_deposit(act=request.visit.act(Door.DESK), deposit=_of(number, deposit))
    messages.success(request, _("Cet acompte n’est plus demandé."))
    return redirect("desk:deposit", number=number)


@write(money_staff, again=deposit_page)
def to_the_card(request: Inside, number: str, deposit: UUID) -> HttpResponse:
    """What is left goes back to the card that paid it."""
    meant = _of(number, deposit)
    paid = found(settled.see_deposit(deposit=meant).by_card)
    settlement.give_back_online(act=request.visit.act(Door.DESK), intent=paid, amount=meant.left)
    messages.success(request, _("C’est demandé au prestataire de paiement."))
    return redirect("desk:deposit", number=number)


@write(counter, again=deposit_page)
def give_left(request: Inside, number: str, deposit: UUID) -> HttpResponse:
    """What the work did not need comes to the client's account."""
    settlement.return_deposit(act=request.visit.act(Door.DESK), deposit=_of(number, deposit))
    messages.success(request, _("Le reste est sur le compte de la personne."))
    return redirect("desk:deposit", number=number)


def _of(number: str, deposit: UUID) -> Deposit:
    """A deposit of the contract of the address."""
    meant = found(settled.deposit(deposit=deposit))
    return found(meant if meant.agreement.number == number else None)
