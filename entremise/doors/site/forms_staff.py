from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

SIX = {"autocomplete": "one-time-code", "inputmode": "numeric"}


def _say(form: forms.Form, name: str, label: object, hint: object = "", **attrs: str) -> None:
    """Our words on a field of allauth, and no placeholder in place of a label."""
    field = form.fields[name]
    field.label, field.help_text = label, hint  # type: ignore[assignment]  # Lazy words.
    field.widget.attrs = {**{k: v for k, v in field.widget.attrs.items() if k != "placeholder"}, **attrs}


class PasswordForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", _("Votre identifiant"))
        _say(self, "password", _("Votre mot de passe"))


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("Votre mot de passe"))


class NewPasswordForm(PasswordAgainForm):
    new = forms.CharField(
        label=_("Votre nouveau mot de passe"),
        max_length=128,
        help_text=_("Au moins 12 signes : quatre mots sans lien."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class FactorForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Les six chiffres de l’application de votre téléphone, ou un code de secours.")
        _say(self, "code", _("Votre code"), hint, **SIX)


class NewApplicationForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("Le code affiché"), _("Six chiffres, ils changent toutes les 30 secondes."), **SIX)


class NewPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "name", _("Nom de la clé"), _("Exemple : mon téléphone."))
        self.initial["name"] = ""
        del self.fields["passwordless"]
