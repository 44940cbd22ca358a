"""How staff come in. The names are those that allauth looks up; none of its own pages is mounted."""

from django.urls import path

from entremise.doors.site import factors, staff

urlpatterns = [
    path("entrer", staff.login, name="account_login"),
    path("entrer/code", staff.factor, name="mfa_authenticate"),
    path("entrer/cle", staff.passkey, name="mfa_login_webauthn"),
    path("sortir", staff.leave, name="account_logout"),
    path("langue", staff.speak, name="speak"),
    path("mot-de-passe", factors.new_password, name="account_change_password"),
    path("second-facteur", factors.factors, name="mfa_index"),
    path("second-facteur/application", factors.add_application, name="mfa_activate_totp"),
    path("second-facteur/cle", factors.add_passkey, name="mfa_add_webauthn"),
    path("second-facteur/secours", factors.recovery, name="mfa_view_recovery_codes"),
    path("second-facteur/mot-de-passe", factors.password_again, name="account_reauthenticate"),
    path("second-facteur/<int:factor>/retrait", factors.remove, name="remove_factor"),
]
