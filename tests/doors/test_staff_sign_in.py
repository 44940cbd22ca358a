"""Staff come in with a password and a second factor; the password alone opens nothing."""

import re
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from entremise.doors.frame import sessions
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.models import Account, Membership, Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import HOST

PASSWORD = "quatre mots sans lien"


@pytest.fixture
def account(coordinator: Person) -> Account:
    coordinator.account = Account.objects.create_user("solene", PASSWORD)
    coordinator.save()
    return coordinator.account


@pytest.fixture
def secret(account: Account) -> str:
    """Solène's telephone shows codes already."""
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    RecoveryCodes.activate(account)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time()) // 30))


def password(visitor: Client, typed: str = PASSWORD, **more: str) -> object:
    return visitor.post("/bureau/entrer", {"login": "solene", "password": typed, **more})


def test_a_wrong_password_is_told_and_what_was_typed_kept(visitor: Client, account: Account) -> None:
    answer = password(visitor, "autre chose")
    assert answer.status_code == 422
    assert 'value="solene"' in answer.content.decode()
    assert "autre chose" not in answer.content.decode()


def test_a_password_and_a_code_open_the_desk(visitor: Client, secret: str) -> None:
    assert password(visitor).headers["Location"] == "/bureau/entrer/code"
    assert visitor.post("/bureau/entrer/code", {"code": code_of(secret)}).headers["Location"] == "/bureau/"
    assert visitor.get("/bureau/").status_code == 200


def test_the_page_that_was_wanted_comes_after_both(visitor: Client, secret: str) -> None:
    asked = visitor.get("/bureau/personnes/").headers["Location"]
    assert asked == "/bureau/entrer?next=%2Fbureau%2Fpersonnes%2F"
    assert 'name="next" value="/bureau/personnes/"' in visitor.get(asked).content.decode()
    password(visitor, next="/bureau/personnes/")
    answer = visitor.post("/bureau/entrer/code", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/bureau/personnes/"


def test_a_password_alone_opens_nothing(visitor: Client, secret: str) -> None:
    password(visitor)
    for address in ("/bureau/", "/bureau/personnes/", "/bureau/second-facteur", "/moi/"):
        assert visitor.get(address).status_code == 302, address
    assert visitor.get("/bureau/").headers["Location"].startswith("/bureau/entrer")


def test_a_wrong_code_opens_nothing(visitor: Client, secret: str) -> None:
    password(visitor)
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06}"
    assert visitor.post("/bureau/entrer/code", {"code": wrong}).status_code == 422
    assert visitor.get("/bureau/").status_code == 302


def test_a_code_serves_once(visitor: Client, secret: str) -> None:
    code, second = code_of(secret), Client(headers={"host": HOST})
    password(visitor)
    visitor.post("/bureau/entrer/code", {"code": code})
    password(second)
    assert second.post("/bureau/entrer/code", {"code": code}).status_code == 422
    assert second.get("/bureau/").status_code == 302


def test_a_recovery_code_stands_in_for_the_telephone_once(visitor: Client, account: Account, secret: str) -> None:
    codes = RecoveryCodes(Authenticator.objects.get(user=account, type="recovery_codes")).get_unused_codes()
    for expected in (302, 422):
        client = Client(headers={"host": HOST})
        password(client)
        assert client.post("/bureau/entrer/code", {"code": codes[0]}).status_code == expected


def test_a_code_without_the_password_leads_back(visitor: Client, secret: str) -> None:
    assert visitor.get("/bureau/entrer/code").headers["Location"] == "/bureau/entrer"
    assert visitor.post("/bureau/entrer/code", {"code": code_of(secret)}).headers["Location"] == "/bureau/entrer"


def test_whoever_has_no_second_factor_sets_one_up_and_sees_nothing_else(visitor: Client, account: Account) -> None:
    password(visitor)
    assert visitor.get("/bureau/").headers["Location"].startswith("/bureau/second-facteur")
    page = visitor.get("/bureau/second-facteur").content.decode()
    assert "data:image/svg+xml;base64," in page
    secret = re.search(r"tapez cette clé\s: <b>([A-Z2-7 ]+)</b>", page)[1].replace(" ", "")
    assert visitor.post("/bureau/second-facteur/application", {"code": "000000"}).status_code == 422
    answer = visitor.post("/bureau/second-facteur/application", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/bureau/second-facteur/secours"
    assert len(re.findall(r"\b\d{8}\b", visitor.get("/bureau/second-facteur/secours").content.decode())) == 10
    assert visitor.get("/bureau/").status_code == 200


def test_an_older_half_open_session_cannot_add_a_factor(visitor: Client, account: Account) -> None:
    """Somebody who only knows the password, in a session begun before Solène set up her telephone."""
    password(visitor)
    visitor.get("/bureau/second-facteur")
    TOTP.activate(account, generate_totp_secret())
    mine = visitor.session["mfa.totp.secret"]
    assert visitor.get("/bureau/second-facteur").headers["Location"] == "/bureau/entrer/code"
    visitor.post("/bureau/second-facteur/application", {"code": code_of(mine)})
    assert Authenticator.objects.count() == 1
    assert visitor.get("/bureau/").status_code == 302


def test_such_a_session_comes_in_with_the_code(visitor: Client, account: Account) -> None:
    password(visitor)
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    assert visitor.post("/bureau/entrer/code", {"code": code_of(secret)}).headers["Location"] == "/bureau/"
    assert visitor.get("/bureau/").status_code == 200


@pytest.fixture
def signed_in(visitor: Client, secret: str) -> Client:
    password(visitor)
    visitor.post("/bureau/entrer/code", {"code": code_of(secret)})
    return visitor


def test_factors_change_only_after_the_password_again(signed_in: Client, account: Account) -> None:
    assert "Changer mes facteurs" in signed_in.get("/bureau/second-facteur").content.decode()
    assert signed_in.get("/bureau/second-facteur/secours").headers["Location"] == "/bureau/second-facteur/mot-de-passe"
    again = "/bureau/second-facteur/mot-de-passe"
    assert signed_in.post(again, {"password": "autre chose"}).status_code == 422
    assert signed_in.post(again, {"password": PASSWORD}).headers["Location"] == "/bureau/second-facteur"
    assert "Une clé d’accès" in signed_in.get("/bureau/second-facteur").content.decode()


def test_the_last_factor_stays(signed_in: Client, account: Account) -> None:
    factor = Authenticator.objects.get(user=account, type="totp")
    signed_in.post("/bureau/second-facteur/mot-de-passe", {"password": PASSWORD})
    answer = signed_in.post(f"/bureau/second-facteur/{factor.pk}/retrait")
    assert answer.status_code == 422
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_new_recovery_codes_replace_the_old(signed_in: Client, account: Account) -> None:
    signed_in.post("/bureau/second-facteur/mot-de-passe", {"password": PASSWORD})
    before = signed_in.get("/bureau/second-facteur/secours").content.decode()
    signed_in.post("/bureau/second-facteur/secours")
    after = signed_in.get("/bureau/second-facteur/secours").content.decode()
    assert not set(re.findall(r"\b\d{8}\b", before)) & set(re.findall(r"\b\d{8}\b", after))


def test_a_desk_left_alone_for_twelve_hours_closes(signed_in: Client) -> None:
    session = signed_in.session
    session[sessions.SEEN] = time() - sessions.IDLE - 60
    session.save()
    assert signed_in.get("/bureau/").status_code == 302


def test_a_password_alone_does_not_wake_a_desk_left_alone(signed_in: Client) -> None:
    """Whoever finds the screen next morning, and knows some password of the house, still needs the telephone."""
    session = signed_in.session
    session[sessions.SEEN] = time() - sessions.IDLE - 60
    session.save()
    signed_in.get("/bureau/")
    assert password(signed_in).headers["Location"] == "/bureau/entrer/code"
    assert signed_in.get("/bureau/").status_code == 302


def test_work_keeps_the_desk_open(signed_in: Client) -> None:
    session = signed_in.session
    session[sessions.SEEN] = time() - sessions.IDLE + 60
    session.save()
    assert signed_in.get("/bureau/").status_code == 200
    assert time() - signed_in.session[sessions.SEEN] < 60


def test_the_desk_of_another_organisation_stays_closed(signed_in: Client, elsewhere: Organisation) -> None:
    assert signed_in.get("/bureau/", headers={"host": f"{elsewhere.slug}.localhost"}).status_code == 302


def test_a_network_operator_needs_the_second_factor_too(visitor: Client, inside: Organisation) -> None:
    operator = Account.objects.create_user("reseau", PASSWORD)
    operator.operates_network = True
    operator.save()
    person = Person.objects.create(family_name="Réseau", account=operator, known_since=TODAY)
    Membership.objects.create(person=person, role=Role.WORKER.value, since=TODAY.date())
    visitor.post("/bureau/entrer", {"login": "reseau", "password": PASSWORD})
    assert visitor.get("/moi/").status_code == 302


def test_a_closed_account_opens_nothing(visitor: Client, account: Account, secret: str) -> None:
    account.is_active = False
    account.save()
    password(visitor)
    assert visitor.get("/bureau/").status_code == 302
    assert visitor.get("/bureau/entrer/code").status_code == 302


def test_the_eleventh_try_has_to_wait(visitor: Client, account: Account) -> None:
    for _ in range(10):
        assert password(visitor, "autre chose").status_code == 422
    assert password(visitor).status_code == 429


def test_nobody_signs_up(visitor: Client) -> None:
    for address in ("/bureau/inscription", "/accounts/signup/", "/bureau/compte/signup/", "/bureau/compte/login/"):
        assert visitor.get(address).status_code == 404


def test_leaving_closes_the_desk(signed_in: Client) -> None:
    assert signed_in.post("/bureau/sortir").headers["Location"] == "/bureau/entrer"
    assert signed_in.get("/bureau/").status_code == 302


NEW = "cinq autres mots sans lien"


def test_a_new_password_asks_for_the_old_and_ends_other_sessions(signed_in: Client, account: Account) -> None:
    elsewhere = Client(headers={"host": HOST})
    elsewhere.force_login(account)
    address = "/bureau/mot-de-passe"
    assert signed_in.post(address, {"password": "autre chose", "new": NEW}).status_code == 422
    assert "12 signes" in signed_in.post(address, {"password": PASSWORD, "new": "court"}).content.decode()
    assert signed_in.post(address, {"password": PASSWORD, "new": NEW}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert signed_in.get("/bureau/").status_code == 200
    assert elsewhere.get("/bureau/second-facteur").status_code == 302
    assert Authenticator.objects.filter(user=account, type="totp").exists()


def test_the_desk_shows_the_way_out_and_to_the_second_factor(signed_in: Client) -> None:
    page = signed_in.get("/bureau/reglages/").content.decode()
    for address in ("/bureau/sortir", "/bureau/second-facteur", "/bureau/mot-de-passe"):
        assert f'"{address}"' in page


def test_a_lost_telephone_is_answered_by_a_colleague(signed_in: Client, account: Account, act: Act) -> None:
    """A new password from the director; what the finder of the telephone holds opens nothing."""
    director = people.add_person(act=act, family_name="Roux")
    by = Act(by=Actor(director.id, frozenset({Role.DIRECTOR})), at=TODAY, door=Door.DESK)
    person = Person.objects.get(account=account)
    with pytest.raises(Refused, match="not_allowed"):
        people.renew_account(act=Act(by=Actor(director.id), at=TODAY, door=Door.DESK), person=person, password=NEW)
    people.renew_account(act=by, person=person, password=NEW)
    assert signed_in.get("/bureau/").status_code == 302
    assert not Authenticator.objects.filter(user=account).exists()
    Account.objects.update(operates_network=True)
    with pytest.raises(Refused, match="not_allowed"):
        people.renew_account(act=by, person=Person.objects.get(account=account), password=NEW)
