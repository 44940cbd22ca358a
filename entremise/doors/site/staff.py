"""How staff come in: login and password, then a second factor. allauth does the checking; the pages are ours."""

import json

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib.auth import logout
from django.forms import HiddenInput
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.limits import HOUR, MINUTE, Limit, by_address, limited
from entremise.doors.frame.sessions import begin_work
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms import LanguageForm
from entremise.doors.site.forms_staff import FactorForm, PasswordForm
from entremise.kernel.act import Door
from entremise.people import operations as people
from entremise.people.models import Account, Person

BY_LOGIN_AND_ADDRESS = Limit("staff", 10, 10 * MINUTE, lambda r: f"{r.POST.get('login', '')} {by_address(r)}")
BY_LOGIN = Limit("staff-login", 50, HOUR, lambda r: str(r.POST.get("login", "")).strip().lower())
BY_ADDRESS = Limit("staff-address", 60, 10 * MINUTE, by_address)
FACTORS = Limit("factor", 30, 10 * MINUTE, by_address)


def login_page(request: Inside) -> HttpResponse:
    return _login_page(request, PasswordForm(request=request))


def _login_page(request: Inside, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    wanted = get_next_redirect_url(request, "next") or ""
    return render(request, "site/staff_enter.html", {"form": form, "next": wanted}, status=status)


@limited(BY_LOGIN_AND_ADDRESS, BY_LOGIN, BY_ADDRESS)
@write(anyone, again=login_page)
def give_password(request: Inside) -> HttpResponse:
    form = PasswordForm(request.POST, request=request)
    if not form.is_valid():
        return _login_page(request, form, status=422)  # Returned, not raised: failed tries must stay counted.
    answer: HttpResponse = form.login(request, redirect_url=get_next_redirect_url(request, "next"))
    begin_work(request)
    if (
        request.user.is_authenticated
    ):  # No second factor yet: they go on to set one up, which asks for a fresh password.
        reauthenticate_by_password(request)
    return answer


login = on(get=read(anyone)(login_page), post=give_password)


def _waiting(request: Inside) -> tuple[LoginStage | None, Account | None]:
    """Whose password was right: a sign-in that waits for the factor, or a session older than the factor."""
    if request.visit.half_way and isinstance(request.user, Account):
        return None, request.user
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage, stage.login.user if stage else None


def factor_page(request: Inside) -> HttpResponse:
    return _factor_page(request)


def _factor_page(request: Inside, form: FactorForm | None = None, *, status: int = 200) -> HttpResponse:
    account = _waiting(request)[1]
    if account is None:
        return redirect("account_login")
    options = json.dumps(passkeys.begin_authentication(account)) if passkeys.get_credentials(account) else ""
    context = {"form": form or FactorForm(user=account), "options": options}
    return render(request, "site/staff_factor.html", context, status=status)


@limited(FACTORS)
@write(anyone, again=factor_page)
def give_factor(request: Inside) -> HttpResponse:
    """A code of the telephone's application, a recovery code, or a passkey."""
    stage, account = _waiting(request)
    if account is None:
        return redirect("account_login")
    form: FactorForm | AuthenticateWebAuthnForm
    if "credential" in request.POST:
        form = AuthenticateWebAuthnForm(request.POST, user=account)
        if not form.is_valid():
            request.refusal = _("Cette clé d’accès n’est pas connue ici. Entrez avec votre mot de passe.")
            return _factor_page(request, status=422)
    else:
        form = FactorForm(request.POST, user=account)
        if not form.is_valid():
            return _factor_page(request, form, status=422)
    form.save()
    answer: HttpResponse = HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    if stage:
        answer = stage.exit()  # type: ignore[no-untyped-call]  # allauth leaves it untyped.
    begin_work(request)
    return answer


factor = on(get=read(anyone)(factor_page), post=give_factor)


def passkey_options(request: Inside) -> HttpResponse:
    """What a browser needs to offer the passkeys it knows for this address."""
    return JsonResponse(passkeys.begin_authentication(None))


@limited(BY_ADDRESS)
@write(anyone, again=login_page)
def give_passkey(request: Inside) -> HttpResponse:
    form = LoginWebAuthnForm(request.POST)
    if not form.is_valid():
        request.refusal = _("Cette clé d’accès n’est pas connue ici. Entrez avec votre mot de passe.")
        return _login_page(request, PasswordForm(request=request), status=422)
    key = form.cleaned_data["credential"]
    answer = perform_passwordless_login(
        request, key, Login(user=key.user, redirect_url=get_next_redirect_url(request, "next"))
    )
    begin_work(request)
    return answer


passkey = on(get=read(anyone)(passkey_options), post=give_passkey)


@write(anyone, again=login_page)
def speak(request: Inside) -> HttpResponse:
    """The desk's language: that of whoever works there, kept with them; before they came in, with their browser."""
    form = LanguageForm(request.POST)
    form.fields["language"].widget = HiddenInput()  # A button at the foot of every page.
    checked(form)
    language, visit = form.cleaned_data["language"], request.visit
    if visit.actor.person:
        person = Person.objects.get(id=visit.actor.person)
        people.change_person(act=visit.act(Door.DESK), person=person, language=language)
    answer = redirect(get_next_redirect_url(request, "next") or "desk:today")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@write(anyone, again=login_page)
def leave(request: Inside) -> HttpResponse:
    logout(request)
    return redirect("account_login")
