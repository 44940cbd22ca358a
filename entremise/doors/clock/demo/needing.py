"""What people of the example need: some words that wait, and one call to suppliers that is being voted on."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.operations import BriefDraft, Offered
from entremise.buying.operations.needing import Words
from entremise.buying.rules.tiers import Tier
from entremise.doors.clock.demo.together import PARIS, Calendar, at_work
from entremise.kernel.act import Door
from entremise.people import operations as people
from entremise.people.models import Person

SAID = (
    Words("Couches lavables", 20, "couches", pays=1490),
    Words("couches pour bébé", 3, "paquets", "Taille 3.", 1250),
    Words("Huile d’olive", 2, "bidons de 3 litres"),
    Words("Granulés de bois", 40, "sacs de 15 kg", pays=690),
    Words("des couches", 4, "paquets", pays=1190),
    Words("Laver le linge à moins cher", details="Les bidons sont lourds à porter."),
    Words("Couches", 2, "paquets"),
)
# Who answers, the price of a packet by boxes, how many are in one, the fewest they deliver, from how far.
ANSWERS = (
    ("Bébé Coton", [Tier(1, 1150), Tier(6, 990)], 6, 30, 38),
    ("Grossiste Vidalie", [Tier(1, 1080), Tier(10, 920)], 10, 80, 210),
)


def plan(year: Calendar) -> None:
    """Said by telephone in the last weeks; those that speak of nappies are gathered, answered, and voted on since."""
    for turn, words in enumerate(SAID):
        year.at(at_work(year, -20 + 2 * turn, 11), partial(_say, year=year, turn=turn, words=words))
    year.at(at_work(year, -6, 15), partial(_ask, year=year))


def _say(at: datetime, year: Calendar, turn: int, words: Words) -> None:
    person = _households(year)[turn]
    buying.say_need(act=year.cast.desk(at, Door.PHONE).for_person(person.id), person=person, words=words)


def _ask(at: datetime, year: Calendar) -> None:
    act, day = year.cast.desk(at, Door.DESK), at.astimezone(PARIS).date()
    groups, _alone = queries.grouped(needs=queries.needs_waiting())
    needs = next((group.needs for group in groups if group.word.startswith("couche")), [])
    draft = BriefDraft(
        title="Couches pour bébé",
        about="Des couches en paquets, pour une douzaine d’enfants, à retirer au local.",
        unit="paquet de 44",
        answers_until=day + timedelta(days=4),
        votes_until=day + timedelta(days=12),
        counts="Sans parfum, et d’aussi près que possible.",
        quorum=2,
    )
    brief, tenders = buying.write_brief(act=act, draft=draft, needs=needs), []
    buying.ask_suppliers(act=act, brief=brief)
    for name, tiers, size, minimum, distance in ANSWERS:
        supplier = people.add_person(act=act, kind="company", family_name=name, phones=[])
        last = day + timedelta(days=60)
        offered = Offered(tiers, Decimal("0.2"), last, size, minimum, lead_days=9, distance=distance)
        tenders.append(buying.tender(act=act, brief=brief, supplier=supplier, offered=offered))
    buying.put_to_vote(act=act, brief=brief)
    voter = queries.voters(brief=brief.id)[0]
    buying.cast_ballot(act=act.for_person(voter.id), brief=brief, person=voter, choices=[tenders[0].id])


def _households(year: Calendar) -> list[Person]:
    return [one for one in (*year.cast.workers, *year.cast.clients) if one.kind == "individual"]
