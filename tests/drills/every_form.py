"""Every page of the example, and nonsense into every form: `python -m tests.drills.every_form`, on a copy that is
spoilt by it. No page asks the database row by row.

Everybody walks from their own first page along its links, so that every form is met in some state where it is shown.
Whatever is typed, the answer is a page that says what is wrong and has what was typed, or the thing is done; it is
never a failure, and where it says no nothing has happened. Prints one JSON document: how often each way of posting was
tried, which were met nowhere, and what went wrong.
"""

import json
import logging
import os
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urljoin, urlsplit

import django
from lxml import html

REPEATED = 5  # How often a page may ask the same question about other things: each visit of a job, for one.
ASKED = 6  # How many addresses of one route each person opens.
TRIED = 2  # In how many forms of one way everything is tried.
WALKERS = 12  # Of each role.
ROUNDS = 2  # What the first has done shows other forms to the second.
HOST = "pas-de-porte.localhost"
# Answers that say no, or say that it is done.
ANSWERS = {200, 302, 303, 400, 404, 409, 413, 422, 429}
OUT = re.compile(r"/sortir|/visites-finies|/deconnexion")  # Whoever leaves walks no further.
REFUSAL = re.compile(r'role="alert"|class="error|aria-invalid="true"')
LONG = "9" * 3000
KINDS: dict[str, str | None] = {
    "nothing": "",
    "signs": '<b>’";--\u200f\u202e ﷽ %s {{ 7 }}',
    "long": LONG,
    "less than nothing": "-1",
    "a zero byte": "a\x00b",
    "no such thing": "7b0c1d9e-0000-7000-8000-000000000000",
    "as it stands": None,
}


@dataclass
class Met:
    """A form as somebody found it: where it leads, and what stands in it."""

    way: str
    action: str
    given: dict[str, str]
    typed: tuple[str, ...]  # Fields that a person types words into.


@dataclass
class Walk:
    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def by(self, caller: Any, first: list[str]) -> None:
        """One person, from their first pages."""
        forms: list[Met] = []
        seen, asked, waiting = set(first), Counter[str](), deque(first)
        while waiting:
            address = waiting.popleft()
            route = route_of(address)
            if route is None or (asked[route] >= ASKED and address not in first) or OUT.search(address):
                continue
            asked[route] += 1
            statements = Counter[str]()
            with connection.execute_wrapper(partial(counted, statements)):
                answer = caller.asks("GET", address)
            self.wrong += [
                f"GET {address} as {caller.name} asks {times} times: {statement[:300]}"
                for statement, times in statements.items()
                if times > REPEATED
            ]
            if answer.status_code >= 500:
                self.wrong.append(f"GET {address} as {caller.name}: {answer.status_code}")
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                continue
            page = html.fromstring(answer.content.decode())
            forms += met(page, address)
            for link in page.xpath("//a/@href"):
                onward = urlsplit(urljoin(f"http://{HOST}{address}", link))
                path = onward.path + (f"?{onward.query}" if onward.query else "")
                if onward.hostname == HOST and path not in seen:
                    seen.add(path)
                    waiting.append(path)
        for form in forms:
            self.into(caller, form)

    def into(self, caller: Any, form: Met) -> None:
        if self.tried[form.way] >= TRIED * len(KINDS) or OUT.search(form.action):
            return
        for kind, value in KINDS.items():
            self.tried[form.way] += 1
            sent = form.given if value is None else dict.fromkeys(form.given, value)
            before = latest()
            answer = caller.client.post(form.action, sent, headers={"host": HOST})
            said = f"POST {form.action} ({form.way}) as {caller.name}, {kind}: {answer.status_code}"
            if answer.status_code not in ANSWERS:
                self.wrong.append(said)
            if answer.status_code == 422:
                self.wrong += [f"{said}, {what}" for what in missing(answer, form, value)]
                if latest() != before:
                    self.wrong.append(f"{said}, and something has happened")


def counted(statements: Counter[str], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Counts a question by its text without the values in it: one for each row would be the same many times."""
    if sql.startswith("SELECT"):
        statements[sql] += 1
    return execute(sql, params, many, context)


def missing(answer: Any, form: Met, value: str | None) -> Iterator[str]:
    """What a page that says no must have and has not. Its thing may have gone on, and the form with it."""
    if not answer.headers["Content-Type"].startswith("text/html"):
        return
    body = answer.content.decode()
    again = [one for one in met(html.fromstring(body), form.action) if one.action == form.action]
    if again and not REFUSAL.search(body):
        yield "and does not say why"
    for name in form.typed if value and "\x00" not in value else ():
        shown = [one.given[name].strip() for one in again if name in one.given]
        if value and shown and value.strip() not in shown:
            yield f"and has lost what was typed into {name}"


def met(page: Any, address: str) -> Iterator[Met]:
    for form in page.forms:
        if (form.method or "GET").upper() != "POST":
            continue
        typed = [one.get("name") for one in form.xpath(".//textarea | .//input[not(@type) or @type='text']")]
        given = {name: value or "" for name, value in form.fields.items()}
        for button in form.xpath(".//button[not(@type) or @type='submit']"):
            # The button that is pressed may lead elsewhere, and says its name too.
            to = urlsplit(urljoin(f"http://{HOST}{address}", button.get("formaction") or form.action or address))
            way = route_of(to.path)
            named = {button.get("name"): ""} if button.get("name") else {}
            if way is not None:
                yield Met(way, to.path + (f"?{to.query}" if to.query else ""), {**given, **named}, tuple(typed))


def route_of(address: str) -> str | None:
    try:
        return str(resolve(urlsplit(address).path).route)
    except Resolver404:
        return None


def latest() -> Any:
    with scope.reading(ORGANISATION.id):
        return latest_fact()


def everybody() -> Iterator[tuple[Any, list[str]]]:
    """Callers with their first pages: whoever passes by, people of each role, the whole desk."""
    yield laws.Caller("nobody", HOST), ["/", "/entrer", "/demander/", "/bureau/entrer"]
    for role in ("client", "worker", "supplier"):
        with scope.writing(ORGANISATION.id):
            holders = Person.objects.filter(memberships__role=role, memberships__until=None).order_by("-id")[:WALKERS]
            people = list(holders)
        for person in people:
            caller = laws.Caller(f"{role} {person.id}", HOST)
            with scope.writing(ORGANISATION.id):
                laws.enter(caller, person, ORGANISATION)
            yield caller, ["/moi/"]
    clerk = laws.Caller("the desk", HOST)
    with scope.writing(ORGANISATION.id):
        laws.sign_in(clerk, laws.person_of(*laws.DESK))
        numbers = [
            number for state in states.REQUEST.states for number in some(models.Request, state, "listing__number")
        ]
        numbers += [number for state in states.MISSION.states for number in some(models.Mission, state, "number")]
        missions = [mission for state in states.MISSION.states for mission in some(models.Mission, state, "id")]
        offers = [
            number for state in living for number in some(models.Offer, state, "listing__number", of="listing__state")
        ]
    first = [f"/bureau/demandes/{number}/" for number in dict.fromkeys(numbers)]
    first += [f"/bureau/missions/{mission}/{what}" for mission in missions for what in ("annulation", "deplacement")]
    yield clerk, [*first, *(f"/bureau/annonces/{number}/" for number in offers), "/bureau/"]


def some(model: Any, state: str, column: str, *, of: str = "state") -> list[Any]:
    return list(model.objects.filter(**{of: state}).order_by("-id").values_list(column, flat=True)[:3])


def main() -> None:
    walk = Walk()
    for _ in range(ROUNDS):
        for caller, first in everybody():
            caller.client.raise_request_exception = False
            cache.clear()  # Tries are counted: this is not what is tried here.
            walk.by(caller, first)
    posts = {one.route for one in laws.declared() if "POST" in one.ways and not one.route.startswith("api/")}
    never = sorted(posts - walk.tried.keys())
    json.dump({"ways": walk.tried, "never": never, "wrong": walk.wrong}, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    logging.disable(logging.CRITICAL)
    laws = import_module("tests.laws.callers")
    scope = import_module("entremise.tenancy.scope")
    latest_fact = import_module("entremise.history.queries").latest_fact
    resolve, Resolver404 = (getattr(import_module("django.urls"), name) for name in ("resolve", "Resolver404"))
    cache, connection = import_module("django.core.cache").cache, import_module("django.db").connection
    Person = import_module("entremise.people.models").Person
    models, states = import_module("entremise.jobs.models"), import_module("entremise.jobs.rules.requests")
    living = import_module("entremise.jobs.queries.offers").LIVING
    ORGANISATION = import_module("entremise.tenancy.models").Organisation.objects.get()
    main()
