from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

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


def test_prices_are_not_invented(db: None) -> None:
    with pytest.raises(CommandError, match="--price"):
        call_command("found", *WHO)


@pytest.mark.parametrize(
    "wrong", ["--price-of=poterie=20", "--price-of=haie=cher", "--timezone=Mars/Base", "--phone=12"]
)
def test_a_foundation_that_fails_leaves_nothing(db: None, time_is: Tell, wrong: str) -> None:
    with pytest.raises(CommandError):
        call_command("found", *WHO, "--price=24,50", wrong)
    assert Organisation.objects.count() == Account.objects.count() == 0


def test_the_same_name_is_founded_once(db: None, time_is: Tell) -> None:
    call_command("found", *WHO, "--price=24,50")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("found", *WHO, "--price=24,50")


def test_figures_loaded_again_change_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load-figures")
    capsys.readouterr()
    call_command("load-figures")
    assert capsys.readouterr().out.startswith("0 ")
