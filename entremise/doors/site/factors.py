"""The second factor of staff: an application on the telephone, passkeys, recovery codes."""

import json
from base64 import b64encode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, reauthenticate_by_password
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal.flows import add_authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.limits import MINUTE, Limit, by_address, limited
from entremise.doors.frame.visit import Inside, Visit, half_way, staff
from entremise.doors.frame.ways import NotForYou, on, read, write
from entremise.doors.frame.words import sentence
from entremise.doors.site.forms_staff import NewApplicationForm, NewPasskeyForm, NewPasswordForm, PasswordAgainForm
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people import queries as people
from entremise.people.models import Account
from entremise.people.operations import renew_account

CHECKS = Limit("password-again", 10, 10 * MINUTE, by_address)
Type = Authenticator.Type


def inside_or_nearly(visit: Visit) -> bool:
    return staff(visit) or half_way(visit)


def _account(request: Inside) -> Account:
    """Whose factors these are. The guards let nobody else in."""
    if not isinstance(request.user, Account):
        raise NotForYou
    return request.user


def _held(request: Inside) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=_account(request)).order_by("created_at"))


def _may_add(request: Inside) -> bool:
    """A password alone may set up the first factor, never one more beside those that protect the account."""
    fresh = bool(did_recently_reauthenticate(request))
    return fresh and (not request.visit.half_way or not _held(request))


def factors_page(request: Inside, **_of: int) -> HttpResponse:
    return _factors_page(request)


def _factors_page(
    request: Inside,
    application: NewApplicationForm | None = None,
    passkey: NewPasskeyForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    held = _held(request)
    if request.visit.half_way and held:
        return redirect("mfa_authenticate")
    if not did_recently_reauthenticate(request):
        if request.visit.half_way:
            return redirect("account_reauthenticate")
        context = {"held": _shown(held), "locked": True, "recovery": True, "application": None, "passkey": None}
        return render(request, "site/staff_factors.html", context)
    has_application = any(one.type == Type.TOTP for one in held)
    application = application or (None if has_application else NewApplicationForm(user=_account(request)))
    context = {
        "held": _shown(held),
        "locked": False,
        "application": application,
        "drawing": _drawing(request, application) if application else None,
        "passkey": passkey or NewPasskeyForm(user=_account(request)),
        "options": json.dumps(passkeys.begin_registration(_account(request), False)),
        "recovery": any(one.type == Type.RECOVERY_CODES for one in held),
    }
    return render(request, "site/staff_factors.html", context, status=status)


def _shown(held: list[Authenticator]) -> list[dict[str, object]]:
    """Recovery codes are no factor of their own: they stand in for one."""
    keys = [one for one in held if one.type != Type.RECOVERY_CODES]
    return [{"factor": one, "name": _name(one), "last": len(keys) == 1} for one in keys]


def _name(factor: Authenticator) -> str:
    return str(factor.data["name"]) if factor.type == Type.WEBAUTHN else _("Application du téléphone")


def _drawing(request: Inside, form: NewApplicationForm) -> dict[str, str]:
    """The secret as a picture to photograph and as letters to type."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(_account(request), form.secret))
    picture = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    secret = str(form.secret)
    return {"picture": picture, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


@write(inside_or_nearly, again=factors_page)
def add_application(request: Inside) -> HttpResponse:
    if not _may_add(request):
        return redirect("mfa_index")
    form = NewApplicationForm(request.POST, user=_account(request))
    if not form.is_valid():
        return _factors_page(request, application=form, status=422)
    factor, _new = activate_totp(request, form)
    return _added(request, factor)


@write(inside_or_nearly, again=factors_page)
def add_passkey(request: Inside) -> HttpResponse:
    if not _may_add(request):
        return redirect("mfa_index")
    form = NewPasskeyForm(request.POST, user=_account(request))
    if not form.is_valid():
        request.refusal = _("La clé n’a pas été ajoutée. Recommencez, ou utilisez l’application du téléphone.")
        return _factors_page(request, passkey=form, status=422)
    named = form.cleaned_data
    factor, _new = add_authenticator(request, name=named["name"], credential=named["credential"])
    return _added(request, factor)


def _added(request: Inside, factor: Authenticator) -> HttpResponse:
    """Whoever has just shown their new factor has shown a second factor."""
    record_authentication(request, _account(request), "mfa", id=factor.pk, type=factor.type)
    messages.success(request, _("Votre second facteur est en place."))
    return redirect("mfa_view_recovery_codes")


@write(staff, again=factors_page)
def remove(request: Inside, factor: int) -> HttpResponse:
    if not did_recently_reauthenticate(request):
        return redirect("account_reauthenticate")
    held = [one for one in _held(request) if one.type != Type.RECOVERY_CODES]
    found = next((one for one in held if one.pk == factor), None)
    if found is None:
        raise Http404
    if len(held) == 1:
        request.refusal = _("C’est votre seul second facteur. Ajoutez-en un autre avant de retirer celui-ci.")
        return _factors_page(request, status=422)
    delete_and_cleanup(request, found)
    messages.success(request, _("Ce facteur est retiré."))
    return redirect("mfa_index")


def recovery_page(request: Inside) -> HttpResponse:
    """Codes for the day when the telephone is lost, to be kept on paper."""
    if not did_recently_reauthenticate(request):
        return redirect("account_reauthenticate")
    kept = Authenticator.objects.filter(user=_account(request), type=Type.RECOVERY_CODES).first()
    codes = RecoveryCodes(kept).get_unused_codes() if kept else []
    return render(request, "site/staff_recovery.html", {"codes": codes})


@write(staff, again=recovery_page)
def new_recovery_codes(request: Inside) -> HttpResponse:
    if not did_recently_reauthenticate(request):
        return redirect("account_reauthenticate")
    generate_recovery_codes(request)
    messages.success(request, _("Voici de nouveaux codes. Les anciens n’ouvrent plus rien."))
    return redirect("mfa_view_recovery_codes")


recovery = on(get=read(staff)(recovery_page), post=new_recovery_codes)
factors = read(inside_or_nearly)(factors_page)


def password_page(request: Inside) -> HttpResponse:
    return render(request, "site/staff_password.html", {"form": PasswordAgainForm(user=_account(request))})


@limited(CHECKS)
@write(inside_or_nearly, again=password_page)
def give_password_again(request: Inside) -> HttpResponse:
    form = PasswordAgainForm(request.POST, user=_account(request))
    if not form.is_valid():
        return render(request, "site/staff_password.html", {"form": form}, status=422)
    reauthenticate_by_password(request)
    return redirect("mfa_index")


password_again = on(get=read(inside_or_nearly)(password_page), post=give_password_again)


def new_password_page(request: Inside) -> HttpResponse:
    return render(request, "site/staff_new_password.html", {"form": NewPasswordForm(user=_account(request))})


@limited(CHECKS)
@write(staff, again=new_password_page)
def give_new_password(request: Inside) -> HttpResponse:
    """Their own, told the one before. Sessions elsewhere end; this one goes on."""
    account = _account(request)
    form = NewPasswordForm(request.POST, user=account)
    if form.is_valid():
        try:
            act, me = request.visit.act(Door.DESK), people.get(person=request.visit.person)
            update_session_auth_hash(request, renew_account(act=act, person=me, password=form.cleaned_data["new"]))
        except Refused as refused:
            form.add_error("new", sentence(refused))
        else:
            messages.success(request, _("Votre mot de passe est changé."))
            return redirect("desk:settings")
    return render(request, "site/staff_new_password.html", {"form": form}, status=422)


new_password = on(get=read(staff)(new_password_page), post=give_new_password)
