from collections.abc import Callable
from datetime import datetime
from time import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client

from entremise.jobs.models import Activity
from entremise.jobs.queries.prices import quote
from entremise.jobs.rules.starter import STARTERS
from entremise.kernel.act import Role
from entremise.people.models import Account
from entremise.people.queries import person_of_account
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.doors.clock.conftest import MORNING

WHO = ("--slug=essai", "--name=Essai", "--town=Valmarelle", "--phone=05 36 49 12 00", "--coordinator=solene")
Tell = Callable[[datetime], None]


def test_an_organisation_is_founded_ready_to_quote_and_to_sign_in(
    db: None, time_is: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("found", *WHO, "--price=24,50", "--price-of=haie=26", "--siret=73282932000074")
    organisation = Organisation.objects.get(slug="essai")
    assert organisation.phone == "+33536491200"
    with scope.within(organisation.id):
        activities = {one.code: one for one in Activity.objects.all()}
        assert activities.keys() == {one.code for one in STARTERS}
        prices = [
            quote(client=None, activity=activities[c], minutes=60, on=MORNING.date()).hourly for c in ("haie", "menage")
        ]
        assert prices == [2600, 2450]
        assert LegalIdentity.objects.get().siret == "73282932000074"
        known = person_of_account(account=Account.objects.get(login="solene").id)
    assert known
    assert Role.DIRECTOR in known.roles
    password = capsys.readouterr().out.split("fois : ")[1].split()[0]
    assert Account.objects.get(login="solene").check_password(password)


def test_numbers_are_kept_as_banks_and_files_write_them(db: None, time_is: Tell) -> None:
    numbers = ("--siret=732 829 320 00074", "--iban=FR76 3000 6000 0112 3456 7890 189")
    call_command("found", *WHO, "--price=24,50", *numbers)
    with scope.within(Organisation.objects.get(slug="essai").id):
        legal = LegalIdentity.objects.get()
    assert (legal.siret, legal.iban, legal.bic) == ("73282932000074", "FR7630006000011234567890189", "AGRIFRPPXXX")


def test_prices_are_not_invented(db: None) -> None:
    with pytest.raises(CommandError, match="--price"):
        call_command("found", *WHO)


@pytest.mark.parametrize(
    "wrong",
    [
        "--price-of=poterie=20",
        "--price-of=haie=cher",
        "--price=-3",
        "--price=8",  # Less than the wage costs.
        "--timezone=Mars/Base",
        "--phone=12",
        "--slug=Ça va",
        "--slug=under_score",
        "--host=http://x y",
        f"--name={'x' * 90}",
        "--town=",
        "--siret=123",
        "--iban=FR00123",
        "--bic=123456789012345",
        "--email=nope",
        "--postcode=123456789012",
        "--agreement-from=31/13/2026",
        "--minimum=-5",
        "--coordinator=deux mots",
        f"--coordinator={'x' * 61}",
    ],
)
def test_a_foundation_that_fails_leaves_nothing(db: None, time_is: Tell, wrong: str) -> None:
    with pytest.raises(CommandError):
        call_command("found", *WHO, "--price=24,50", wrong)
    assert Organisation.objects.count() == Account.objects.count() == 0


def test_an_agreement_does_not_end_before_it_begins(db: None, time_is: Tell) -> None:
    with pytest.raises(CommandError, match="fin vient avant"):
        call_command("found", *WHO, "--price=24,50", "--agreement-from=31/01/2026", "--agreement-to=1/1/2025")


def test_what_no_flag_said_is_asked_until_it_is_understood(
    db: None, time_is: Tell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["Le coin", "le-coin", "", "Le Coin", "Valmarelle", "12", "0536491200", "cher", "24,5", "solene"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    call_command("found", "--siret=732 829 320 00074")
    assert Organisation.objects.get().slug == "le-coin"
    said = capsys.readouterr().out
    assert "« Le coin » : minuscules" in said
    assert "Écrivez « cher » en chiffres" in said
    assert "http://le-coin.localhost/bureau/" in said


def test_the_first_account_enters_and_takes_a_call(db: None, time_is: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    """No commune is loaded yet: the form proposes nothing that it would refuse, and says why of what is typed."""
    call_command("found", *WHO, "--price=24,50")
    capsys.readouterr()
    desk = Client(headers={"host": "essai.localhost"})
    account = Account.objects.get(login="solene")
    account.set_password("quatre mots sans lien")
    account.save()
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    desk.post("/bureau/entrer", {"login": "solene", "password": "quatre mots sans lien"})
    desk.post("/bureau/entrer/code", {"code": format_hotp_value(hotp_value(secret, int(time()) // 30))})
    assert 'value="Valmarelle"' not in desk.get("/bureau/appel").content.decode()
    typed = {"client": "new", "who": "M. Aubry Paul", "phone": "06 39 98 77 01", "street": "3, rue du Four"}
    need = {"line": "haie mardi matin 2h", "do": "request", "seen": "1"}
    asked = desk.post("/bureau/appel", {**typed, **need, "place": "33490 Valmarelle"}).content.decode()
    assert "La liste des communes n’est pas chargée" in asked
    answer = desk.post("/bureau/appel", {**typed, **need})
    assert "49,00" in desk.get(answer["Location"]).content.decode()


def test_the_same_name_is_founded_once(db: None, time_is: Tell) -> None:
    call_command("found", *WHO, "--price=24,50")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("found", *WHO, "--price=24,50")


def test_the_only_director_gets_in_again(db: None, time_is: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("found", *WHO, "--price=24,50")
    TOTP.activate(Account.objects.get(), generate_totp_secret())
    capsys.readouterr()
    call_command("renew-account", "solene")
    account = Account.objects.get()
    assert account.check_password(capsys.readouterr().out.split("fois : ")[1].strip())
    assert not account.authenticator_set.exists()
    with pytest.raises(CommandError, match="ne travaille pas"):
        call_command("renew-account", "personne")


def test_figures_loaded_again_change_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load-figures")
    capsys.readouterr()
    call_command("load-figures")
    assert capsys.readouterr().out.startswith("0 ")


def test_the_example_is_never_made_in_another_database(db: None) -> None:
    with pytest.raises(CommandError, match="not the example's database"):
        call_command("make-demo")
