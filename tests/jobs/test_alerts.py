"""Saved searches: one letter a day at most, each job once, by the way that is open."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Request, SavedSearch, Told
from entremise.jobs.queries.alerts import filters_of, people_to_alert, wanted_of
from entremise.jobs.rules.alerts import MOST, due
from entremise.jobs.rules.notices import Part, Wanted
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.messaging.rules import is_gsm7
from entremise.people.models import ContactPoint, Person, Place
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later

PARIS = ZoneInfo("Europe/Paris")


def clock(**delta: int) -> Act:
    return Act(by=THE_CLOCK, at=TODAY + timedelta(**delta), door=Door.CLOCK)


@pytest.fixture
def search(karim: Person, place: Place) -> SavedSearch:
    return jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(words="haies", place=place.id, km=5))


def post(act: Act, odile: Person, hedge: Activity, **delta: int) -> Request:
    starts = TOMORROW + timedelta(days=5)
    return jobs.post_request(act=later(act, **delta), client=odile, activity=hedge, starts_at=starts, minutes=60)


def test_the_same_search_is_kept_once(karim: Person, place: Place, search: SavedSearch) -> None:
    again = Wanted(words="haies", place=place.id, km=5)
    assert jobs.save_search(act=by_text(karim), person=karim, wanted=again) == search
    assert SavedSearch.objects.count() == 1
    assert search.channel == "text"


def test_nobody_waits_behind_the_others(
    act: Act, search: SavedSearch, karim: Person, odile: Person, hedge: Activity
) -> None:
    post(act, odile, hedge, hours=1)
    crowd = Person.objects.bulk_create(
        Person(id=new_id(), organisation_id=karim.organisation_id, family_name=str(n), known_since=TODAY)
        for n in range(1100)
    )
    SavedSearch.objects.bulk_create(
        SavedSearch(
            id=new_id(), organisation_id=karim.organisation_id, person=one, channel="text", every_days=1,
            filters={}, saved_at=TODAY, seen_until=TODAY, state="active",
        )
        for one in crowd
    )  # fmt: skip
    assert len(list(people_to_alert())) == 1101


def test_what_is_kept_is_what_was_looked_for(place: Place, hedge: Activity) -> None:
    wanted = Wanted(words="é", activity=hedge.id, place=place.id, km=0, days=3, part=Part.EVENING, regular=True)
    assert wanted_of(filters_of(wanted)) == wanted


def test_what_comes_up_is_told_once_in_one_letter(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    assert jobs.send_alert(act=clock(hours=1), person=karim) is None
    first, second = post(act, odile, hedge, hours=2), post(act, odile, hedge, hours=3)
    letter = jobs.send_alert(act=clock(hours=4), person=karim)
    assert letter
    assert (letter.channel, letter.address) == ("text", "+33639982001")
    assert "2 missions nouvelles, dont tailler une haie" in letter.body
    assert {one.request_id for one in Told.objects.all()} == {first.id, second.id}
    third = post(act, odile, hedge, hours=5)
    assert jobs.send_alert(act=clock(hours=6), person=karim) is None  # Not twice on one day.
    jobs.send_alert(act=clock(days=1), person=karim)
    assert jobs.send_alert(act=clock(days=2), person=karim) is None
    assert Told.objects.filter(request=third).count() == 1
    assert Letter.objects.filter(template="alert").count() == 2


def test_an_alert_fits_one_text_message(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    post(act, odile, hedge, hours=2)
    letter = jobs.send_alert(act=clock(hours=3), person=karim)
    assert letter
    assert is_gsm7(letter.body)
    assert len(letter.body.replace("<lien>", "https://pas-de-porte.exemple.fr/l/" + "x" * 22)) <= 160


def test_what_does_not_fit_is_not_told(act: Act, karim: Person, odile: Person, hedge: Activity, place: Place) -> None:
    jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(words="vitres"))
    jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(part=Part.EVENING))
    post(act, odile, hedge, hours=2)
    assert jobs.send_alert(act=clock(hours=3), person=karim) is None


def test_a_job_that_two_searches_find_is_told_once(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(activity=hedge.id))
    post(act, odile, hedge, hours=2)
    letter = jobs.send_alert(act=clock(hours=3), person=karim)
    assert letter
    assert "une mission nouvelle" in letter.body
    assert Told.objects.count() == 1


def test_stop_stops_alerts_by_text(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    ContactPoint.objects.filter(person=karim).update(stopped_at=TODAY)
    post(act, odile, hedge, hours=2)
    assert jobs.send_alert(act=clock(hours=3), person=karim) is None
    assert not Letter.objects.filter(template="alert").exists()


def test_a_search_that_was_removed_is_silent(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    jobs.remove_search(act=by_text(karim), search=search)
    post(act, odile, hedge, hours=2)
    assert jobs.send_alert(act=clock(hours=3), person=karim) is None


def test_nobody_keeps_a_search_for_somebody_else(karim: Person, nadege: Person, search: SavedSearch) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        jobs.remove_search(act=by_text(nadege), search=search)


def test_searches_are_few_and_need_a_way_to_write(karim: Person, nadege: Person) -> None:
    for words in range(MOST):
        jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(words=f"mot{words}"))
    with pytest.raises(Refused, match="too_many_searches"):
        jobs.save_search(act=by_text(karim), person=karim, wanted=Wanted(words="un de plus"))
    ContactPoint.objects.filter(person=nadege).delete()
    with pytest.raises(Refused, match="alert_channel_missing"):
        jobs.save_search(act=by_text(nadege), person=nadege, wanted=Wanted())


def test_a_weekly_search_waits_a_week() -> None:
    day = TODAY.date()
    assert due(sent_on=None, every_days=7, today=day)
    assert not due(sent_on=day - timedelta(days=6), every_days=7, today=day)
    assert due(sent_on=day - timedelta(days=7), every_days=7, today=day)
    assert not due(sent_on=day, every_days=1, today=day)


def test_everybody_who_searches_is_looked_at_once_something_came_up(
    act: Act, karim: Person, odile: Person, hedge: Activity, search: SavedSearch
) -> None:
    more = [Person(family_name=f"Personne {number}", known_since=TODAY) for number in range(1001)]
    Person.objects.bulk_create(more)
    SavedSearch.objects.bulk_create(
        SavedSearch(person=one, filters={}, channel="text", saved_at=TODAY, seen_until=TODAY) for one in more
    )
    assert people_to_alert() == []
    post(act, odile, hedge, hours=1)
    assert len(people_to_alert()) == 1002
    jobs.send_alert(act=clock(hours=2), person=karim)
    assert len(people_to_alert()) == 1001
