from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.refused import Refused
from entremise.people import operations, queries
from entremise.people.models import EntryKey, Person
from entremise.people.operations import Entrance
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

KEY = "a secret of the installation"
PHONE = "+33639981427"
QUARTER, WEEK = timedelta(minutes=15), timedelta(days=7)


def code_for(act: Act, person: Person, **more) -> str:
    return operations.make_entry_code(act=act, person=person, kind="code", lasting=QUARTER, secret_key=KEY, **more)[1]


def link_for(act: Act, person: Person, leads_to: str = "/moi/") -> str:
    made = operations.make_entry_code(
        act=act, person=person, kind="link", lasting=WEEK, secret_key=KEY, leads_to=leads_to
    )
    return made[1]


def enter(act: Act, secret: str, phone: str | None = PHONE, *, after: timedelta = timedelta(), **more) -> Entrance:
    return operations.enter(secret=secret, phone=phone, at=act.at + after, secret_key=KEY, **more)


def refusal(entrance: Entrance) -> str:
    assert entrance.people == ()
    assert entrance.refused is not None
    return entrance.refused.code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_lets_its_person_in_in_any_spacing(act: Act, odile: Person) -> None:
    code = code_for(act, odile, leads_to="/moi/heures/")
    entrance = enter(act, f" {code[:2]} {code[2:4]}-{code[4:]} ")
    assert (entrance.people, entrance.leads_to, entrance.refused) == ((odile,), "/moi/heures/", None)


def test_a_code_opens_once(act: Act, odile: Person) -> None:
    code = code_for(act, odile)
    enter(act, code)
    assert refusal(enter(act, code)) == "code_expired"


def test_a_code_lasts_fifteen_minutes(act: Act, odile: Person) -> None:
    assert refusal(enter(act, code_for(act, odile), after=QUARTER)) == "code_expired"


def test_a_new_code_voids_the_one_before(act: Act, odile: Person) -> None:
    first, second = code_for(act, odile), code_for(act, odile)
    if first != second:
        assert refusal(enter(act, first)) == "code_expired"
    assert enter(act, second).people == (odile,)


def test_after_five_wrong_tries_the_right_code_opens_nothing(act: Act, odile: Person) -> None:
    code = code_for(act, odile)
    assert {refusal(enter(act, wrong(code))) for _ in range(5)} == {"code_wrong"}
    assert refusal(enter(act, code)) == "too_many_tries"


def test_the_fifth_try_still_counts(act: Act, odile: Person) -> None:
    code = code_for(act, odile)
    for _ in range(4):
        enter(act, wrong(code))
    assert enter(act, code).people == (odile,)


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(act: Act, odile: Person) -> None:
    code = code_for(act, odile)
    known, unknown = enter(act, wrong(code)), enter(act, code, "+33639980099")
    assert refusal(known) == refusal(unknown) == "code_wrong"
    assert known.leads_to == unknown.leads_to == ""


def test_a_code_of_one_opens_nothing_for_another(act: Act, odile: Person, add: Callable[..., Person]) -> None:
    add("B.", "Karim", phones=["06 39 98 00 01"])
    assert refusal(enter(act, code_for(act, odile), "+33639980001")) == "code_wrong"


def test_those_who_share_a_telephone_are_all_named(act: Act, odile: Person, add: Callable[..., Person]) -> None:
    louis = add("Marsan", "Louis", phones=["06 39 98 14 27"])
    assert enter(act, code_for(act, odile)).people == (louis, odile)


def test_a_stranger_on_the_same_telephone_is_not_named(act: Act, odile: Person, stranger: Person) -> None:
    assert enter(act, code_for(act, odile)).people == (odile,)


def test_a_code_opens_nothing_in_another_organisation(
    act: Act, odile: Person, stranger: Person, elsewhere: Organisation
) -> None:
    code, token = code_for(act, odile), link_for(act, odile)
    with scope.within(elsewhere.id):
        assert refusal(enter(act, code)) == "code_wrong"
        assert refusal(enter(act, token, None)) == "code_wrong"


def test_codes_are_not_made_without_end(act: Act, odile: Person) -> None:
    for _ in range(5):
        code_for(act, odile)
    with pytest.raises(Refused, match="too_many_codes"):
        code_for(act, odile)
    code_for(replace(act, at=act.at + timedelta(hours=1)), odile)


def test_the_table_holds_no_secret(act: Act, odile: Person) -> None:
    secrets = [
        code_for(act, odile),
        link_for(act, odile),
        *operations.print_card(act=act, person=odile, secret_key=KEY),
    ]
    kept = set(EntryKey.objects.values_list("digest", flat=True))
    assert len(kept) == len(secrets) == 12
    assert not kept & set(secrets)
    assert all(len(digest) == 64 for digest in kept)
    assert not any(secret in str(fact.data) for fact in Fact.objects.all() for secret in secrets)


def test_a_key_made_with_another_secret_opens_nothing(act: Act, odile: Person) -> None:
    code = code_for(act, odile)
    entrance = operations.enter(secret=code, phone=PHONE, at=act.at, secret_key="another")
    assert refusal(entrance) == "code_wrong"


# Links


def test_a_link_lets_its_person_in_and_leads_to_its_page(act: Act, odile: Person) -> None:
    entrance = enter(act, link_for(act, odile, "/m/318"), None, after=timedelta(days=6))
    assert (entrance.people, entrance.leads_to) == ((odile,), "/m/318")


def test_a_link_opened_again_lets_nobody_in_but_says_where_it_led(act: Act, odile: Person) -> None:
    token = link_for(act, odile, "/m/318")
    enter(act, token, None)
    again = enter(act, token, None)
    assert (refusal(again), again.leads_to) == ("code_expired", "/m/318")
    key = queries.link_of(token=token, secret_key=KEY)
    assert key is not None
    assert (key.person, key.leads_to) == (odile, "/m/318")


def test_looking_where_a_link_leads_does_not_use_it(act: Act, odile: Person) -> None:
    token = link_for(act, odile)
    queries.link_of(token=token, secret_key=KEY)
    assert enter(act, token, None).people == (odile,)


def test_a_link_made_up_leads_nowhere(act: Act, odile: Person) -> None:
    assert refusal(enter(act, "made-up", None)) == "code_wrong"
    assert queries.link_of(token="made-up", secret_key=KEY) is None


def test_links_to_two_pages_both_open(act: Act, odile: Person) -> None:
    tokens = [link_for(act, odile, "/m/318"), link_for(act, odile, "/moi/")]
    assert [enter(act, token, None).leads_to for token in tokens] == ["/m/318", "/moi/"]


@pytest.mark.parametrize(
    "path",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "moi/",
        "/moi\n/",
        "/" + "x" * 120,
        "javascript:x",
    ],
)
def test_a_link_leads_to_our_own_pages_only(act: Act, odile: Person, path: str) -> None:
    with pytest.raises(Refused, match="path_not_local"):
        link_for(act, odile, path)


# Cards


def test_each_line_of_a_card_opens_once_at_its_turn(act: Act, odile: Person) -> None:
    codes = operations.print_card(act=act, person=odile, secret_key=KEY)
    assert len(codes) == 10
    for position, code in enumerate(codes, start=1):
        assert queries.card_position(phone=PHONE, at=act.at, secret_key=KEY) == position
        assert enter(act, code, position=position).people == (odile,)


def test_a_line_opens_at_its_own_position_only(act: Act, odile: Person) -> None:
    codes = operations.print_card(act=act, person=odile, secret_key=KEY)
    other = next(position for position, code in enumerate(codes, start=1) if code != codes[0])
    assert refusal(enter(act, codes[0], position=other)) == "code_wrong"
    assert refusal(enter(act, codes[0])) == "code_wrong"


def test_a_line_tried_five_times_gives_way_to_the_next(act: Act, odile: Person) -> None:
    codes = operations.print_card(act=act, person=odile, secret_key=KEY)
    for _ in range(5):
        enter(act, wrong(codes[0]), position=1)
    assert queries.card_position(phone=PHONE, at=act.at, secret_key=KEY) == 2
    assert refusal(enter(act, codes[0], position=1)) == "too_many_tries"


def test_a_new_card_voids_the_old_one(act: Act, odile: Person) -> None:
    old = operations.print_card(act=act, person=odile, secret_key=KEY)
    new = operations.print_card(act=act, person=odile, secret_key=KEY)
    if old[0] != new[0]:
        assert refusal(enter(act, old[0], position=1)) == "code_expired"
    assert enter(act, new[0], position=1).people == (odile,)


def test_a_card_names_its_own_person_though_the_telephone_is_shared(
    act: Act, odile: Person, add: Callable[..., Person]
) -> None:
    add("Marsan", "Louis", phones=["06 39 98 14 27"])
    codes = operations.print_card(act=act, person=odile, secret_key=KEY)
    assert enter(act, codes[0], position=1).people == (odile,)


def test_a_number_without_card_is_asked_a_line_all_the_same(act: Act, odile: Person) -> None:
    asked = [queries.card_position(phone="+33639980099", at=act.at, secret_key=KEY) for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0] in range(1, 11)


def test_a_worker_prints_no_card(act: Act, odile: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.print_card(
            act=replace(act, by=Actor(odile.id, frozenset({Role.WORKER}))), person=odile, secret_key=KEY
        )
