from collections.abc import Sequence
from dataclasses import replace

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.people import operations, queries
from entremise.people.adapters.sheets import read_sheet
from entremise.people.models import ContactPoint, Membership, Paper, Person, Place
from entremise.people.operations import PeopleImport
from entremise.people.rules.columns import knows
from entremise.people.rules.preview import Outcome, Verdict
from entremise.people.rules.sheet import Sheet

HEADERS = "N° adhérent;Nom;Prénom;Téléphone;Adresse;CP;Ville;Type"
LINES = (
    "17;MARSAN;Odile;06 39 98 14 27 / 05 36 49 12 34;3 rue du Four;01990;VALMARELLE;client",
    "18;B.;Karim;639980001;;;;salarié",
)


def sheet(*lines: str, headers: str = HEADERS, kind: str = "people") -> Sheet:
    return read_sheet("liste.csv", "\n".join([headers, *lines]).encode(), is_name=knows(kind))


def run(act: Act, *lines: str, headers: str = HEADERS, dry_run: bool = False, **more) -> PeopleImport:
    return operations.import_people(act=act, sheet=sheet(*lines, headers=headers), dry_run=dry_run, **more)


def verdicts(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.verdict.value for outcome in outcomes]


def codes(outcome: Outcome) -> list[str]:
    return [reason.code for reason in outcome.reasons]


def test_people_of_a_list_are_added_with_all_that_their_line_says(act: Act, valmarelle: Place) -> None:
    done = run(act, *LINES)
    assert [(outcome.line, outcome.verdict, outcome.what) for outcome in done.outcomes] == [
        (2, Verdict.CREATE, "Odile Marsan"),
        (3, Verdict.CREATE, "Karim B."),
    ]
    [found] = queries.find(typed="odile")
    assert (found.person.import_key, found.person.place, found.person.latitude) == ("17", valmarelle, 46.2)
    assert found.phones == ["+33639981427", "+33536491234"]
    assert found.roles == {Role.CLIENT}
    [karim] = queries.find(typed="06 39 98 00 01")
    assert karim.roles == {Role.WORKER}


def test_a_dry_run_says_the_same_and_writes_nothing(act: Act, valmarelle: Place) -> None:
    before = Person.objects.count()
    previewed = run(act, *LINES, dry_run=True)
    assert (Person.objects.count(), Fact.objects.count()) == (before, 0)
    assert previewed.outcomes == run(act, *LINES).outcomes


@pytest.mark.parametrize("headers", [HEADERS, HEADERS.replace("N° adhérent", "Sans titre")])
def test_the_same_list_twice_creates_nothing_twice(act: Act, valmarelle: Place, headers: str) -> None:
    run(act, *LINES, headers=headers)

    def rows() -> list[int]:
        return [model.objects.count() for model in (Person, ContactPoint, Membership)]

    once = rows()
    again = run(act, *LINES, headers=headers)
    assert verdicts(again.outcomes) == ["match", "match"]
    assert rows() == once
    assert not Fact.objects.filter(type="person_changed").exists()


def test_a_line_repeated_in_the_list_is_one_person(act: Act, valmarelle: Place) -> None:
    assert verdicts(run(act, LINES[0], LINES[0]).outcomes) == ["create", "match"]
    assert Person.objects.filter(family_name="Marsan").count() == 1


def test_a_known_person_gets_what_they_lack_and_keeps_what_they_have(act: Act, odile: Person) -> None:
    line = "17;Marsan;Odile;06 39 98 14 27 / 06 39 98 77 77;9 rue Neuve;01990;Valmarelle;client"
    [outcome] = run(act, line).outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.MATCH, ["same_phone"])
    [found] = queries.find(typed="odile")
    assert (found.person.id, found.person.street, found.person.import_key) == (odile.id, "3 rue du Four", "17")
    assert found.phones == ["+33639981427", "+33536491234", "+33639987777"]
    assert found.roles == {Role.CLIENT}
    assert Fact.objects.filter(type="person_changed", thing_id=odile.id).count() == 1


def test_a_stranger_of_that_name_and_number_is_not_matched(act: Act, stranger: Person) -> None:
    [outcome] = run(act, "17;Marsan;Odile;06 39 98 14 27;;;;client").outcomes
    assert outcome.verdict is Verdict.CREATE


def test_a_homonym_is_asked_about_and_left_out(act: Act, odile: Person) -> None:
    [outcome] = run(act, "40;Marsan;Odile;06 39 98 55 55;;;;client").outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.ASK, ["homonym"])
    assert outcome.reasons[0].params == {"name": "Odile Marsan", "people": [str(odile.id)]}
    assert Person.objects.filter(family_name="Marsan").count() == 1


def test_a_homonym_decided_is_the_one_named_or_somebody_new(act: Act, odile: Person) -> None:
    line = "40;Marsan;Odile;06 39 98 55 55;;;;client"
    assert verdicts(run(act, line, decided={2: odile.id}, dry_run=True).outcomes) == ["match"]
    assert verdicts(run(act, line, decided={2: None}).outcomes) == ["create"]
    assert Person.objects.filter(family_name="Marsan").count() == 2


def test_a_homonym_decided_to_be_a_stranger_is_refused(act: Act, odile: Person, stranger: Person) -> None:
    [outcome] = run(act, "40;Marsan;Odile;;;;;client", decided={2: stranger.id}, dry_run=True).outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.REFUSE, ["person_unknown"])


def test_somebody_who_shares_a_telephone_is_added_with_a_word_about_it(act: Act, odile: Person) -> None:
    [outcome] = run(act, "41;Dupuis;Yvonne;06 39 98 14 27;;;;client").outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.CREATE, ["shares_phone"])


def test_all_that_is_wrong_with_a_line_is_told_at_once(act: Act) -> None:
    line = "50;Marsan;Odile;06 39;;1999999;;pirate"
    [outcome] = run(act, line, dry_run=True).outcomes
    assert outcome.verdict is Verdict.REFUSE
    assert {(reason.code, reason.where) for reason in outcome.reasons} == {
        ("postcode_not_understood", "postcode"),
        ("role_not_understood", "role"),
        ("phone_not_understood", "phone"),
    }


def test_good_lines_beside_bad_ones_are_imported_only_if_asked(act: Act, valmarelle: Place) -> None:
    lines = [*LINES, "19;;;06 39 98 00 02;;;;client"]
    with pytest.raises(Refused) as caught:
        run(act, *lines)
    assert (caught.value.code, caught.value.params) == ("lines_refused", {"count": 1})
    assert queries.find(typed="odile") == []
    done = run(act, *lines, good_only=True)
    assert verdicts(done.outcomes) == ["create", "create", "refuse"]
    assert len(queries.find(typed="odile")) == 1


def test_an_unknown_commune_stays_in_the_address(act: Act) -> None:
    [outcome] = run(act, "20;Marsan;Odile;;3 rue du Four;75999;Ailleurs;client").outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.CREATE, ["place_not_found"])
    assert Person.objects.get(import_key="20").street == "3 rue du Four, 75999 Ailleurs"


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        ("Nom;Adresse", "Odile Marsan;3 rue du Four, 01990 Valmarelle"),
        ("Nom;Adresse;Ville", "Odile Marsan;3 rue du Four;valmarelle"),
        ("Nom;Adresse;CP Ville", "Odile Marsan;3 rue du Four;01990 Valmarelle"),
        ("Nom;Adresse;CP", "Odile Marsan;3 rue du Four;1990"),
    ],
)
def test_a_commune_is_read_wherever_the_list_puts_it(act: Act, valmarelle: Place, headers: str, line: str) -> None:
    run(act, line, headers=headers)
    odile = Person.objects.get(family_name="Marsan")
    assert (odile.place, odile.street) == (valmarelle, "3 rue du Four")


def test_lines_that_do_not_say_take_the_role_of_the_list(act: Act) -> None:
    run(act, "Marsan;Odile", headers="Nom;Prénom", role=Role.WORKER)
    run(act, "Aubry;Yvonne", headers="Nom;Prénom")
    run(act, "Roux;Karim;20 h", headers="Nom;Prénom;Heures souhaitées")
    assert [found.roles for typed in ("marsan", "aubry", "roux") for found in queries.find(typed=typed)] == [
        {Role.WORKER},
        {Role.CLIENT},
        {Role.WORKER},
    ]


def test_what_other_rooms_need_comes_back_with_its_person(act: Act) -> None:
    headers = "Nom;Prénom;Heures souhaitées;Compétences;Nationalité"
    done = run(act, "T.;Nadège;20 h;ménage, repassage;française", headers=headers)
    [extra] = done.extras
    assert (extra.line, extra.person) == (2, Person.objects.get(given_name="Nadège").id)
    assert extra.values == {"hours_wanted": "20 h", "skills": "ménage, repassage", "nationality": "française"}


def test_papers_of_a_list_are_kept_once(act: Act) -> None:
    headers = "Nom;Prénom;Tél;Pass IAE;Début Pass IAE;Fin Pass IAE"
    for _ in range(2):
        run(act, "T.;Nadège;06 39 98 00 03;123456789012;01/03/2026;28/02/2028", headers=headers)
    paper = Paper.objects.get()
    assert (paper.kind, paper.number, str(paper.valid_to)) == ("pass_iae", "123456789012", "2028-02-28")


def test_a_company_has_one_name(act: Act) -> None:
    run(act, "Boulangerie Martin SARL;client", headers="Raison sociale;Type")
    company = Person.objects.get(kind="company")
    assert (company.family_name, company.given_name) == ("Boulangerie Martin SARL", "")


def test_a_text_too_long_for_its_column_is_told_and_not_cut(act: Act) -> None:
    [outcome] = run(act, f"60;{'M' * 81};Odile;;;;;client", dry_run=True).outcomes
    assert (outcome.verdict, codes(outcome)) == (Verdict.REFUSE, ["too_long"])


def test_a_list_without_names_is_not_one_of_people(act: Act) -> None:
    with pytest.raises(Refused) as caught:
        run(act, "06 39 98 14 27;01990", headers="Téléphone;CP")
    assert (caught.value.code, caught.value.where) == ("column_missing", "file")


def test_an_import_is_one_fact_beside_those_of_its_people(act: Act, valmarelle: Place) -> None:
    run(act, *LINES)
    assert Fact.objects.filter(type="person_added").count() == 2
    fact = Fact.objects.get(type="people_imported")
    assert fact.data == {"create": 2, "match": 0, "ask": 0, "refuse": 0}


def test_a_worker_imports_nothing(act: Act) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        run(replace(act, by=Actor(act.by.person, frozenset({Role.WORKER}))), *LINES)


def test_judging_lines_costs_as_many_queries_for_one_as_for_many(
    act: Act, odile: Person, django_assert_num_queries
) -> None:
    many = [f"{n};Nom{n};Prénom;06 39 98 {n // 100:02} {n % 100:02};;01990;;client" for n in range(600)]
    told: list[int] = []
    with django_assert_num_queries(5):
        run(act, *many[:1], dry_run=True)
    with django_assert_num_queries(5):
        run(act, *many, dry_run=True, progress=told.append)
    assert told == [500]


# Communes

COMMUNES = "code_insee;nom_standard;code_postal;latitude_centre;longitude_centre"


def clock(act: Act) -> Act:
    return Act(by=THE_CLOCK, at=act.at, door=Door.CLOCK)


def communes(act: Act, *lines: str, headers: str = COMMUNES, **more) -> list[Outcome]:
    content = sheet(*lines, headers=headers, kind="places")
    return operations.import_places(act=clock(act), sheet=content, **({"dry_run": False} | more))


def test_communes_are_loaded_and_brought_up_to_date(act: Act) -> None:
    assert verdicts(communes(act, "1999;Valmarelle;1990;46,2;5,2")) == ["create"]
    assert verdicts(communes(act, "01999;Valmarelle-le-Vieux;01990;46.25;5.2")) == ["match"]
    place = Place.objects.get()
    assert (place.code, place.name, place.latitude) == ("01999", "Valmarelle-le-Vieux", 46.25)
    assert queries.find_place(typed="valmarelle le v") == [place]


def test_a_commune_of_two_postcodes_is_two_rows(act: Act) -> None:
    headers = "code;nom;codes postaux;centre"
    communes(act, '01999;Valmarelle;"01990,01991";"46.2, 5.2"', headers=headers)
    assert list(Place.objects.order_by("postcode").values_list("postcode", flat=True)) == ["01990", "01991"]


def test_a_dry_run_loads_no_commune(act: Act) -> None:
    assert verdicts(communes(act, "01999;Valmarelle;01990;46.2;5.2", dry_run=True)) == ["create"]
    assert not Place.objects.exists()


def test_a_commune_that_lies_nowhere_is_refused(act: Act) -> None:
    [outcome] = communes(act, "01999;Valmarelle;;146.2;", dry_run=True)
    assert (outcome.verdict, codes(outcome)) == (
        Verdict.REFUSE,
        ["postcode_missing", "coordinate_not_understood", "coordinate_not_understood"],
    )
    with pytest.raises(Refused, match="lines_refused"):
        communes(act, "01999;Valmarelle;;146.2;")


def test_one_organisation_does_not_change_the_communes_of_all(act: Act) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.import_places(act=act, sheet=sheet("1;2", headers=COMMUNES, kind="places"), dry_run=True)
