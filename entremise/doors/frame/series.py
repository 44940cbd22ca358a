"""What somebody says about a standing order, by the word that its button sends."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.buying import operations as buying
from entremise.buying.models import Standing
from entremise.kernel.act import Act
from entremise.people.models import Person

Said = Callable[[Act, Standing, Person], Standing]

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
