"""Signing, hours, and what happens when two people say two things."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from entremise.agreements.models import Agreement, Signature
from entremise.agreements.queries import current_fulfilment
from entremise.documents.models import Document, Print, Scan
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries.desk import hours_to_check
from entremise.kernel.act import Role
from entremise.market.models import Proposal
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import by_text

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def unsigned(asked: list[Proposal], karim: Person) -> Agreement:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    return Agreement.objects.get()


@pytest.fixture
def over(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> Mission:
    """The mission is over."""
    monkeypatch.setattr(visit, "now", lambda: TODAY.replace(day=25))
    return mission


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return SimpleUploadedFile("contrat.png", out.getvalue(), "image/png")


def test_unsigned_contracts_come_first(coordination: Client, unsigned: Agreement) -> None:
    page = text(coordination.get(reverse("desk:contracts")))
    assert unsigned.number in page
    assert "Le client" in page
    assert "La personne salariée" in page


def test_both_sign_on_this_screen(coordination: Client, unsigned: Agreement) -> None:
    address = reverse("desk:contract", args=[unsigned.number])
    assert "puis cochez" in text(coordination.post(address, {"role": "client"}), 422)
    for role in ("client", "worker"):
        coordination.post(address, {"role": role, "read_aloud": "1"})
    unsigned.refresh_from_db()
    assert unsigned.state == "active"
    assert Mission.objects.get().state == "ready"
    signature = Signature.objects.get(party__role="client")
    assert (signature.how, signature.by) == ("screen", signature.party.person_id)
    assert "Karim chez Mme Odile Marsan" in text(coordination.get("/bureau/"))


def test_a_paper_that_came_back_is_kept_and_signs(coordination: Client, unsigned: Agreement) -> None:
    address = reverse("desk:signed_paper", args=[unsigned.number])
    assert "ne s’ouvre pas" in text(
        coordination.post(address, {"role": "client", "scan": SimpleUploadedFile("x.png", b"nothing")}), 422
    )
    coordination.post(address, {"role": "client", "scan": photo()})
    signature = Signature.objects.get(party__role="client")
    assert signature.how == "paper"
    kept = Scan.objects.get()
    answer = coordination.get(reverse("desk:scan", args=[kept.document_id]))
    assert answer["Content-Type"] == "image/jpeg"


def test_what_is_wrong_with_a_signature_stands_beside_it(coordination: Client, unsigned: Agreement) -> None:
    page = text(coordination.post(reverse("desk:contract", args=[unsigned.number]), {"role": "client"}), 422)
    assert page.count("puis cochez") == 2
    page = text(coordination.post(reverse("desk:signed_paper", args=[unsigned.number]), {"role": "client"}), 422)
    assert page.count("Choisissez la photo") == 2


def test_a_refused_paper_does_not_keep_anybody_from_signing_here(coordination: Client, unsigned: Agreement) -> None:
    page = text(coordination.post(reverse("desk:signed_paper", args=[unsigned.number]), {"role": "client"}), 422)
    assert page.count(f'action="{reverse("desk:contract", args=[unsigned.number])}"') == 2


def test_a_contract_opens_as_a_pdf(coordination: Client, unsigned: Agreement) -> None:
    document = Document.objects.get(kind="work_contract")
    answer = coordination.get(reverse("desk:document", args=[document.id]))
    assert answer.content.startswith(b"%PDF")


def test_papers_of_money_open_for_whoever_deals_with_money(desk: Desk, inside: Organisation, karim: Person) -> None:
    people = {role: desk(role, given=role.value) for role in (Role.COORDINATOR, Role.SUPPORT_WORKER, Role.TREASURER)}
    seen = {}
    for kind in ("payslip", "supplier_statement", "supplier_invoice", "invoice", "letter"):
        document = Document.objects.create(
            kind=kind, number=f"{kind}-1", person=karim, template="letter", data={}, issued_at=TODAY
        )
        Print.objects.create(document=document, content=b"%PDF-1.7", sha256="x", made_at=TODAY)
        address = reverse("desk:document", args=[document.id])
        seen[kind] = [role.value for role, client in people.items() if client.get(address).status_code == 200]
        card = reverse("desk:person", args=[karim.id])
        assert [role.value for role, client in people.items() if address in text(client.get(card))] == seen[kind]
    assert seen["payslip"] == seen["supplier_statement"] == ["treasurer"]
    assert seen["invoice"] == seen["supplier_invoice"] == ["coordinator", "treasurer"]
    assert seen["letter"] == ["coordinator", "support_worker", "treasurer"]


def test_hours_are_written_down_then_confirmed(coordination: Client, over: Mission) -> None:
    assert "Heures à noter" in text(coordination.get(reverse("desk:hours")))
    page = text(coordination.post(reverse("desk:log_hours", args=[over.id]), {"minutes": "beaucoup"}), 422)
    assert "Écrivez la durée ainsi" in page
    assert 'value="beaucoup"' in page
    coordination.post(reverse("desk:log_hours", args=[over.id]), {"minutes": "2 h"})
    assert "n’a pas répondu" in text(coordination.get(reverse("desk:hours")))
    coordination.post(reverse("desk:confirm_hours", args=[over.id]), {"minutes": "120 min"})
    over.refresh_from_db()
    assert over.state == "confirmed"
    assert "Toutes les heures sont réglées" in text(coordination.get(reverse("desk:hours")))


def test_a_difference_is_shown_side_by_side_and_settled(coordination: Client, over: Mission) -> None:
    coordination.post(reverse("desk:log_hours", args=[over.id]), {"minutes": "3h30"})
    coordination.post(reverse("desk:confirm_hours", args=[over.id]), {"minutes": "3 h"})
    page = text(coordination.get(reverse("desk:hours")))
    assert "1 écart à régler" in page
    assert "Garder 3 h 30" in page
    assert "Garder 3 h<" in page
    assert "Écart 30 minutes" in text(coordination.get("/bureau/"))
    coordination.post(reverse("desk:settle_hours", args=[over.id]), {"minutes": "3 h"})
    over.refresh_from_db()
    assert over.state == "confirmed"


def test_hours_may_be_corrected_back(coordination: Client, over: Mission) -> None:
    for typed in ("2 h", "2 h 30", "2 h"):
        coordination.post(reverse("desk:log_hours", args=[over.id]), {"minutes": typed})
    current = current_fulfilment(occasion=over.id)
    assert current
    assert current.minutes == 120


def test_hours_before_the_mission_are_refused(coordination: Client, mission: Mission) -> None:
    page = text(coordination.post(reverse("desk:log_hours", args=[mission.id]), {"minutes": "2 h"}), 422)
    assert "n’a pas commencé" in page


def test_a_visit_that_nobody_came_to_ends_its_request_and_leaves_the_hours_in_time(
    coordination: Client, over: Mission
) -> None:
    coordination.post(reverse("desk:absence", args=[over.id]), {"who": "worker"})
    over.refresh_from_db()
    over.request.refresh_from_db()
    assert (over.state, over.request.state) == ("no_show_worker", "done")
    assert [visit.mission for visit in hours_to_check(at=over.ends_at)] == [over]
    assert hours_to_check(at=over.ends_at + timedelta(days=15)) == []


def test_a_contract_ends_with_the_hours_of_its_last_visit_which_may_still_be_corrected(
    coordination: Client, over: Mission
) -> None:
    for typed in ("2 h", "2 h 30"):
        coordination.post(reverse("desk:log_hours", args=[over.id]), {"minutes": typed})
    assert Agreement.objects.get().state == "ended"
    assert Agreement.objects.get().number in text(coordination.get(reverse("desk:contracts"), {"etat": "termines"}))
    current = current_fulfilment(occasion=over.id)
    assert current
    assert current.minutes == 150
