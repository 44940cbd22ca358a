from entremise.kernel.act import Act
from entremise.kernel.place import Point
from entremise.market import operations as market
from entremise.people import operations as people
from entremise.people.models import Person


def locate(*, act: Act, person: Person, point: Point | None) -> Person:
    """What an address service answered about somebody's street, for them and for what they asked for at home."""
    person = people.locate(act=act, person=person, point=point)
    if point:
        market.locate(act=act, person=person, point=point)
    return person
