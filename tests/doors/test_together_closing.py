"""A large group purchase while it closes: decided at once, written down some households at a time, read by nobody until
all of it is there.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from entremise.buying import operations, queries
from entremise.buying.models import Purchase, Share
from entremise.buying.operations import closing
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.doors.clock import together
from entremise.doors.clock.watch import Watch
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.tenancy.models import Organisation
from tests.buying.conftest import CLOCK, OIL, Ask, Offer, ask, household, offer
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import Desk, coordination, desk
from tests.doors.desk.pages import text
from tests.doors.test_desk_together import address, monday
from tests.doors.test_desk_together_orders import hidden
from tests.doors.test_site_purchases import at
from tests.settlement.conftest import legal

__all__ = ["ask", "coordination", "desk", "legal", "monday", "offer"]

pytestmark = pytest.mark.usefixtures("inside", "legal")
HOUSEHOLDS = 7
WriteDown = Callable[[], int]


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three households are as many as one request or chunk takes."""
    monkeypatch.setattr(closing, "CHUNK", 3)
    monkeypatch.setattr(closing.write_shares, "__kwdefaults__", {"limit": 3})


@pytest.fixture
def decided(coordination: Client, offer: Offer, ask: Ask) -> Purchase:
    """Seven households are in it, and the desk has confirmed what it saw."""
    purchase = offer(OIL, threshold=1)
    for number in range(HOUSEHOLDS):
        ask(purchase, household(number), (6, 0, 700))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    there = address("together_closing", purchase)
    answer = coordination.post(there, hidden(text(coordination.get(there))))
    assert answer["Location"] == there
    return Purchase.objects.select_related("campaign").get()


@pytest.fixture
def write_down(decided: Purchase) -> WriteDown:
    """The next households."""
    found = queries.preview(purchase=decided)
    return lambda: operations.write_shares(act=CLOCK, purchase=Purchase.objects.get(), found=found)


def test_it_is_decided_at_once_and_its_page_says_how_far_it_is(
    coordination: Client, decided: Purchase, write_down: WriteDown
) -> None:
    assert (decided.state, decided.campaign.state, Share.objects.count()) == ("closing", "tipped", 0)
    there, moving = address("together_closing", decided), address("together_progress", decided)
    page = text(coordination.get(there))
    assert "0 foyer sur 7" in page
    assert f'data-poll="{moving}"' in page
    assert "Clôturer ainsi" not in page
    assert write_down() == 3
    assert "3 foyers sur 7" in text(coordination.get(moving))
    assert "Voir l’avancement" in text(coordination.get(address("together_one", decided)))
    assert (write_down(), write_down(), write_down()) == (3, 1, 0)
    part = text(coordination.get(moving))
    assert "7 foyers sur 7" in part
    assert "data-poll" not in part
    assert coordination.get(there)["Location"] == address("together_one", decided)
    assert "Commandez au fournisseur" in text(coordination.get(address("together_one", decided)))


def test_confirmed_again_nothing_more_happens(coordination: Client, decided: Purchase, write_down: WriteDown) -> None:
    write_down()
    typed = {"seen": decided.seen, "households": "7", "total": "1"}
    for _again in range(2):
        assert coordination.post(address("together_closing", decided), typed).status_code == 302
    assert Share.objects.count() == 3


def test_nobody_reads_a_part_of_it(
    coordination: Client, inside_as: Visitor, decided: Purchase, write_down: WriteDown
) -> None:
    write_down()
    first = Share.objects.select_related("pledge__person").order_by("pledge__made_at", "id")[0]
    member = inside_as(first.pledge.person)
    assert "37,20 €" not in text(member.get(reverse("site:orders")))
    assert "Prix obtenu" not in text(member.get(at(decided)))
    assert '<td class="n">37,20 €</td>' not in text(coordination.get(address("together_one", decided)))
    assert queries.share_of(pledge=first.pledge_id) is None
    write_down()
    write_down()
    assert "37,20 €" in text(member.get(reverse("site:orders")))
    assert "Prix obtenu" in text(member.get(at(decided)))
    assert '<td class="n">37,20 €</td>' in text(coordination.get(address("together_one", decided)))


def test_it_is_not_ordered_before_the_last_one(coordination: Client, decided: Purchase, write_down: WriteDown) -> None:
    write_down()
    page = text(coordination.get(address("together_handover", decided)))
    assert "La commande se fait après la clôture." in page
    assert "Changer le lieu" not in page
    assert "n’est plus possible" in text(coordination.post(address("order_supply", decided)), 422).casefold()
    assert Purchase.objects.get().order is None


def test_the_clock_writes_all_of_it_down_and_it_equals_the_preview(
    organisation: Organisation, decided: Purchase
) -> None:
    found = queries.preview(purchase=decided)
    assert together.close(Watch(), organisation) == 1
    assert together.close(Watch(), organisation) == 0
    shares = dict(Share.objects.values_list("pledge", "amount"))
    assert shares == {one: sum(part.amount for part in parts) for one, parts in found.parts.items()}
    assert Purchase.objects.get().state == "closed"


def test_a_clock_that_is_told_to_stop_stops_between_two_chunks(organisation: Organisation, decided: Purchase) -> None:
    watch = Watch()
    watch.stop.set()
    together.close(watch, organisation)
    assert not Share.objects.exists()


def test_called_off_meanwhile_nobody_is_written_down_and_everybody_let_go(
    coordination: Client, organisation: Organisation, act: Act, decided: Purchase, write_down: WriteDown
) -> None:
    write_down()
    coordination.post(address("call_off_together", decided), {"reason": "Le fournisseur ferme."})
    with pytest.raises(Refused, match="not_now"):
        write_down()
    assert together.close(Watch(), organisation) == 0
    assert together.let_go(Watch(), organisation) == 1
    assert Purchase.objects.get().state == "off"
    assert set(Pledge.objects.values_list("state", flat=True)) == {"released"}
    for name in ("together_closing", "together_handover", "together_one"):
        assert coordination.get(address(name, decided)).status_code in (200, 302)


def test_what_is_not_what_was_confirmed_is_not_written(organisation: Organisation, decided: Purchase) -> None:
    Purchase.objects.update(seen="0" * 64)
    watch = Watch()
    assert together.close(watch, organisation) == 0
    assert watch.failures == 1, "somebody has to look"
    assert not Share.objects.exists()


def test_how_far_it_is_asks_as_much_for_one_as_for_many(
    coordination: Client, decided: Purchase, write_down: WriteDown
) -> None:
    before = questions(coordination, address("together_progress", decided))
    write_down()
    assert questions(coordination, address("together_progress", decided)) == before


def test_how_far_it_is_is_for_whoever_closes(desk: Desk, decided: Purchase) -> None:
    volunteer = desk(Role.SUPPORT_WORKER, given="Awa", family="Wane")
    assert volunteer.get(address("together_progress", decided)).status_code == 404
