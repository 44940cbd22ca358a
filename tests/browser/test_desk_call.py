"""A call by keyboard alone, in a real browser."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from entremise.jobs.models import Request
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.browser.conftest import Keys, Open, focused, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside", "place", "hedge")]

MOST_KEYS = 25


def test_the_usual_job_of_a_known_caller_takes_few_keys(
    at_the_desk: Open, coordination: Client, request_: Request, karim: Person, nadege: Person
) -> None:
    page = at_the_desk(coordination)
    keys = Keys(page)
    keys.press("F2")
    focused(page, "#id_who")
    keys.type("odi")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Odile')")
    keys.press("Enter")
    page.wait_for_selector("#fiche [data-key='alt+r']")
    keys.press("Alt+r")
    focused(page, "#id_when")
    keys.type("jeudi")
    page.wait_for_selector("#compris q:has-text('jeudi 26 novembre')")
    assert violations(page) == []
    keys.press("Control+Enter")
    focused(page, "[name=workers]")
    keys.press("Space", "Tab", "Tab", "Space")
    page.wait_for_selector("#a-combien:has-text('Proposer à 2 personnes')")
    assert violations(page) == []
    keys.press("Alt+p")
    page.wait_for_selector(".toast:has-text('Proposé à 2 personnes')")
    made = Request.objects.exclude(id=request_.id).get()
    assert made.repeats == request_
    assert Proposal.objects.filter(listing=made.listing_id).count() == 2
    assert keys.count <= MOST_KEYS


def test_the_line_fills_the_four_fields_and_a_corrected_one_stays(
    at_the_desk: Open, coordination: Client, odile: Person, karim: Person
) -> None:
    page = at_the_desk(coordination)
    keys = Keys(page)
    keys.press("F2")
    focused(page, "#id_who")
    keys.type("1427")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Odile')")
    keys.press("Enter")
    focused(page, "#id_line")
    keys.type("haie mardi matin 2h portail vert")
    expect(page.locator("#id_note")).to_have_value("portail vert")
    page.wait_for_selector("#compris q:has-text('mardi 24 novembre à 9 heures')")
    assert [page.input_value(f"#id_{name}") for name in ("what", "when", "length", "note")] == [
        "Tailler une haie",
        "mardi matin",
        "2h",
        "portail vert",
    ]
    keys.press("Alt+3")
    keys.type("3h")
    page.wait_for_selector("#compris q:has-text('3 heures')")
    page.wait_for_selector("#suggestions .sug:has-text('Karim')")
    page.focus("#id_line")
    keys.press("End")
    keys.type(" chien gentil")
    expect(page.locator("#id_note")).to_have_value("portail vert chien gentil")
    assert page.input_value("#id_length") == "3h"
    assert page.is_hidden("#nouvelle")
    keys.press("Control+Enter")
    page.wait_for_url("**/bureau/demandes/**")
    made = Request.objects.get()
    assert (made.client, made.minutes, made.note) == (odile, 180, "portail vert chien gentil")


def test_a_new_caller_by_keyboard(at_the_desk: Open, coordination: Client, karim: Person) -> None:
    page = at_the_desk(coordination)
    keys = Keys(page)
    keys.press("F2")
    focused(page, "#id_who")
    keys.type("Paul Aubry")
    page.wait_for_selector("[role=option][data-value=new][aria-selected=true]:has-text('Paul Aubry')")
    keys.press("Enter")
    page.fill("#id_phone", "06 39 98 77 01")
    page.focus("#id_line")
    keys.type("haie jeudi 14h 2h")
    page.wait_for_selector("#compris q:has-text('jeudi 26 novembre à 14 heures')")
    assert violations(page) == []
    keys.press("Control+Enter")
    page.wait_for_url("**/bureau/demandes/**")
    assert Request.objects.get().client.full_name == "Paul Aubry"


def test_search_everywhere_by_keyboard(at_the_desk: Open, coordination: Client, request_: Request) -> None:
    page = at_the_desk(coordination)
    keys = Keys(page)
    keys.press("Control+k")
    page.wait_for_selector("dialog[open] [role=option]")
    assert violations(page) == []
    keys.type(str(request_.listing.number))
    page.wait_for_selector(f"dialog [aria-selected=true]:has-text('Demande {request_.listing.number}')")
    keys.press("Enter")
    page.wait_for_url(f"**/bureau/demandes/{request_.listing.number}/")


def test_enter_picks_nobody_of_an_answer_to_other_words(
    at_the_desk: Open, coordination: Client, odile: Person, karim: Person
) -> None:
    page = at_the_desk(coordination)
    keys = Keys(page)
    keys.press("F2")
    focused(page, "#id_who")
    keys.type("odi")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Odile')")
    page.locator("#id_who").fill("karim")
    keys.press("Enter")  # The list still shows Odile.
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Karim')")
    expect(page.locator("[name=client]")).to_have_value("")
    keys.press("Enter")
    expect(page.locator("[name=client]")).to_have_value(str(karim.id))
