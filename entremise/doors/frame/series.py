"""Standing orders as both doors know them: as an order of one purchase, and what somebody says about them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.buying import operations as buying
from entremise.buying.models import Article, Standing
from entremise.buying.rules.repeating import known_by
from entremise.campaigns.rules import Wish
from entremise.kernel.act import Act
from entremise.people.models import Person

Said = Callable[[Act, Standing, Person], Standing]

# By the word that its button sends: what it does, and what is answered.
SAYS: Final[Mapping[str, tuple[Said, Promise]]] = {
    "pause": (
        lambda act, standing, _who: buying.pause_standing(act=act, standing=standing),
        _("En pause : rien n’est commandé."),
    ),
    "reprise": (
        lambda act, standing, _who: buying.resume_standing(act=act, standing=standing),
        _("C’est repris, dès le prochain achat."),
    ),
    "saut": (
        lambda act, standing, _who: buying.skip_standing(act=act, standing=standing),
        _("La prochaine fois est sautée."),
    ),
    "sans-saut": (
        lambda act, standing, _who: buying.skip_standing(act=act, standing=standing, skips=False),
        _("La prochaine fois est commandée."),
    ),
    "tour": (
        lambda act, standing, who: buying.take_turn(act=act, standing=standing, person=who),
        _("C’est noté : le prochain tour est pris."),
    ),
    "seul": (
        lambda act, standing, _who: buying.part_standing(act=act, standing=standing),
        _("C’est noté : ces deux foyers n’alternent plus."),
    ),
    "fin": (
        lambda act, standing, _who: buying.end_standing(act=act, standing=standing),
        _("C’est arrêté. Ce qui est déjà commandé reste."),
    ),
}


def usual_wishes(known: Standing, articles: Iterable[Article]) -> dict[UUID, Wish[UUID]]:
    """What is wanted each time, by the lots of this purchase."""
    said = {known_by(one.title, one.unit): one for one in known.lines.all() if one.quantity}
    pairs = ((article, said.get(known_by(article.lot.title, article.unit))) for article in articles)
    return {
        article.lot_id: Wish(article.lot_id, line.quantity, line.tolerance, line.ceiling)
        for article, line in pairs
        if line
    }
