"""Why somebody asks for help is read by few, and by nobody who holds the database or a backup alone."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.solidarity import operations
from entremise.solidarity.models import Award, Seat
from entremise.tenancy.sealed import LOST, seal, unseal
from tests.solidarity.conftest import agreed, ask
from tests.solidarity.test_prices import THE

NEED = "Zibeline trop chère"


def raw() -> str:
    """All words of requests as they lie in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT need, reason, appeal FROM solidarity_award")
        return " ".join(" ".join(row) for row in cursor.fetchall())


@pytest.fixture(autouse=True)
def one_key(settings: LazySettings) -> None:
    settings.SECRET_KEY_FALLBACKS = []


@pytest.fixture
def award(desk: Act, seats: list[Seat], aline: Person) -> Award:
    """Refused with a reason, and appealed."""
    award = agreed(desk, ask(desk, aline, need=NEED), "against")
    operations.refuse(act=desk, award=award, reason=f"{NEED}, non")
    return operations.appeal(act=desk, award=award, words=f"{NEED}, si")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_opened_again(words: str) -> None:
    kept = seal(words)
    assert unseal(kept) == words
    assert not words or kept != words
    assert not words or seal(words) != kept


def test_the_database_holds_cipher_text_only(award: Award) -> None:
    assert "Zibeline" not in raw()
    read = Award.objects.get()
    assert (read.need, read.reason, read.appeal) == (NEED, f"{NEED}, non", f"{NEED}, si")


def test_the_same_words_again_are_still_the_same_request(desk: Act, aline: Person) -> None:
    assert ask(desk, aline, need=NEED) == ask(desk, aline, need=NEED)


def test_words_whose_key_is_lost_are_said_to_be_lost_and_the_rest_goes_on(
    award: Award, desk: Act, settings: LazySettings
) -> None:
    settings.SECRET_KEY = "another" * 8
    read = Award.objects.get()
    assert (read.need, read.state) == (LOST, "appealed")
    before = raw()
    assert operations.reseal(act=THE) == 0
    assert raw() == before


def test_an_old_key_still_opens_and_may_go_after_resealing(award: Award, desk: Act, settings: LazySettings) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Award.objects.get().need == NEED
    assert operations.reseal(act=THE) == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert Award.objects.get().need == NEED


def test_another_words_seal_does_not_open(award: Award) -> None:
    kept = seal(NEED)
    assert unseal(kept[:-2] + ("A" if kept[-2] != "A" else "B") + kept[-1]) == LOST
    assert unseal("jamais scellé") == "jamais scellé"


def test_what_was_written_before_is_sealed_by_the_migration(award: Award) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE solidarity_award SET need = %s", [NEED])
    assert "Zibeline" in raw()
    module = import_module("entremise.solidarity.migrations.0004_seal_words")
    module.seal_words(apps, SimpleNamespace(connection=connection))
    assert "Zibeline" not in raw()
    assert Award.objects.get().need == NEED
