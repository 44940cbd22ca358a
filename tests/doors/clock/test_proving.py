"""The daily proof and `entremise check`: what is wrong is said in words, and stops payouts until it is right."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from entremise.doors.clock import proving, upkeep
from entremise.doors.clock.watch import Watch
from entremise.history.models import Fact
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger.models import Proof, Transfer
from entremise.ledger.queries import payouts_stopped
from entremise.ledger.rules import Line
from entremise.messaging.models import Task
from entremise.tenancy import scope, walls
from tests.conftest import ON_POSTGRESQL
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, post

Rows = Callable[[Callable[[], object]], object]
SetTime = Callable[[object], None]
BEFORE = MORNING - timedelta(days=5)


@pytest.fixture(autouse=True)
def well_set(settings) -> None:
    """The settings of tests serve the static files from where they are written, which Django's check minds."""
    settings.STATICFILES_DIRS = []


@pytest.fixture
def sealed(house: House, watch: Watch) -> UUID:
    """A transfer of five days ago under seal, and facts in their chain."""
    with scope.writing(house.organisation.id):
        bank, sales = (ledger.open_account(code=code, name=code).id for code in ("512000", "706000"))
        entry = ledger.post(
            key="sale", at=BEFORE, effective_on=BEFORE.date(), cause="sale", cause_id=None,
            lines=[Line(bank, sales, 4900, "Haie")],
        )  # fmt: skip
    post(house, client=0, on=MORNING.date(), at=MORNING - timedelta(hours=2))
    upkeep.fold_days(watch, house.organisation)
    assert upkeep.seal_days(watch, house.organisation)
    upkeep.chain_facts(watch, house.organisation)
    return entry.id


def forge(house: House, entry: UUID, label: str) -> None:
    """As somebody with the database's own password would: raw SQL, the walls taken down and put up again."""
    walls.take_down()
    with scope.writing(house.organisation.id), connection.cursor() as cursor:
        one = entry if ON_POSTGRESQL else entry.hex
        cursor.execute("UPDATE ledger_transfer SET label = %s WHERE id = %s", [label, one])
    walls.put_up()


def check(capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    """What `entremise check` prints, and its exit code."""
    capsys.readouterr()
    try:
        call_command("check")
    except CommandError as error:
        return capsys.readouterr().out + str(error), error.returncode
    return capsys.readouterr().out, 0


pytestmark = pytest.mark.django_db(transaction=True)


def test_sound_books_are_said_to_be_so_with_their_seal(sealed: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    said, status = check(capsys)
    assert status == 0, said
    assert "pas-de-porte : tout est juste, 1 écritures et" in said
    assert f"scellé jusqu’au {BEFORE:%d/%m/%Y}" in said


def test_a_forged_transfer_is_named_and_the_exit_code_says_so(
    sealed: UUID, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(house, sealed, "Autre chose")
    said, status = check(capsys)
    assert status == 1
    assert f"L’écriture {sealed} a été changée après coup." in said


def test_a_changed_fact_is_named(sealed: UUID, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    walls.take_down()
    with scope.writing(house.organisation.id):
        fact = Fact.objects.filter(type="request_posted").get()
        Fact.objects.filter(id=fact.id).update(door="site")
    walls.put_up()
    said, status = check(capsys)
    assert status == 1
    assert f"(fait {fact.id})" in said


def test_a_wall_that_is_down_is_named(sealed: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER keep_ledger_transfer ON ledger_transfer"
            if ON_POSTGRESQL
            else "DROP TRIGGER keep_ledger_transfer_update"
        )
    said, status = check(capsys)
    walls.put_up()
    assert status == 1
    assert "La table ledger_transfer n’est plus protégée" in said


def test_a_wrong_setting_is_an_exit_code_too_and_hides_no_proof(
    sealed: UUID, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATICFILES_DIRS = [settings.STATIC_ROOT]
    said, status = check(capsys)
    assert status == 1
    assert "tout est juste" in said
    assert "un réglage de l’installation est à corriger" in said


def test_only_the_organisation_that_was_asked_for_is_proved(
    sealed: UUID, house: House, elsewhere: object, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check", "--organisation=coup-de-pouce")
    assert "pas-de-porte" not in capsys.readouterr().out


def test_django_can_still_be_asked_for_a_part_of_its_own(
    sealed: UUID, house: House, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check", "--tag=models")
    assert "tout est juste" not in capsys.readouterr().out
    assert rows(Proof.objects.count) == 0


def test_a_mismatch_stops_payouts_once_and_a_clean_proof_lets_them_go(
    sealed: UUID, house: House, watch: Watch, rows: Rows, time_is: SetTime
) -> None:
    forge(house, sealed, "Autre chose")
    for day in range(2):
        time_is(MORNING + timedelta(days=day))
        assert proving.prove_anew(watch, house.organisation) == 1
    with pytest.raises(Refused, match="payouts_stopped"):
        rows(ledger.require_proved)
    assert rows(lambda: payouts_stopped().since) == MORNING  # type: ignore[union-attr]  # It is stopped.
    assert rows(lambda: Task.objects.filter(kind="books_wrong", done_at=None).count()) == 1

    forge(house, sealed, "Haie")
    time_is(MORNING + timedelta(days=2))
    assert proving.prove_anew(watch, house.organisation) == 0
    rows(ledger.require_proved)
    kinds = rows(lambda: list(Task.objects.filter(about="books", done_at=None).values_list("kind", flat=True)))
    assert kinds == ["books_right"]
    turns = rows(lambda: list(Fact.objects.filter(thing="proof").order_by("id").values_list("type", flat=True)))
    assert turns == ["payouts_stopped", "payouts_resumed"]
    assert rows(lambda: list(Proof.objects.order_by("at").values_list("count", flat=True))) == [1, 1, 0]


def test_whoever_mends_the_books_lets_payouts_go_with_a_check(
    sealed: UUID, house: House, rows: Rows, time_is: SetTime, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(house, sealed, "Autre chose")
    check(capsys)
    forge(house, sealed, "Haie")
    time_is(MORNING + timedelta(minutes=5))
    assert check(capsys)[1] == 0
    rows(ledger.require_proved)


def test_another_organisation_pays_on(sealed: UUID, house: House, elsewhere: object, watch: Watch, rows: Rows) -> None:
    forge(house, sealed, "Autre chose")
    proving.prove_anew(watch, house.organisation)
    with scope.reading(elsewhere.id):  # type: ignore[attr-defined]  # An organisation.
        ledger.require_proved()


@pytest.mark.postgresql  # SQLite's tests live in memory, where a writer waits; tests/drills/test_restore.py has a file.
def test_entries_written_while_the_books_are_proved_are_no_mismatch(
    sealed: UUID, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another connection writes between the questions of a proof: all of them see the moment it began at."""

    def write() -> None:
        with scope.writing(house.organisation.id):
            bank, sales = (ledger.open_account(code=code, name=code).id for code in ("512000", "706000"))
            ledger.post(
                key=f"meanwhile:{len(seen)}", at=MORNING, effective_on=MORNING.date(), cause="sale", cause_id=None,
                lines=[Line(bank, sales, 100)],
            )  # fmt: skip
        connection.close()

    seen: list[int] = []

    def between(total: int) -> None:
        seen.append(Transfer.objects.count())
        other = threading.Thread(target=write)
        other.start()
        other.join()
        seen.append(Transfer.objects.count())

    proved = proving.prove(house.organisation, begin=between)
    assert seen == [1, 1]
    assert proved.found == []
