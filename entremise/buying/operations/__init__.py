"""What several people need, from their words to a supplier's answer; a purchase from its plan to its closing."""

from entremise.buying.operations.asking import (
    BriefDraft,
    ask_suppliers,
    choose,
    gather,
    give_up_brief,
    invite,
    plan_for,
    put_to_vote,
    write_brief,
)
from entremise.buying.operations.closing import (
    close_purchase,
    write_shares,
)
from entremise.buying.operations.handing import (
    finish_purchase,
    hand_over,
    leave_parcel,
    remind_parcel,
)
from entremise.buying.operations.moving import (
    let_go,
    move_on,
)
from entremise.buying.operations.needing import (
    need_by_text,
    say_need,
    withdraw_need,
)
from entremise.buying.operations.ordering import (
    order_supply,
)
from entremise.buying.operations.placing import (
    miss_standing,
    place_standing,
)
from entremise.buying.operations.planning import (
    KIND,
    ArticleDraft,
    Plan,
    Wants,
    order,
    plan,
)
from entremise.buying.operations.receiving import (
    note_billed,
    receive_supply,
    set_handover,
)
from entremise.buying.operations.repeating import (
    plan_next,
    repeat,
)
from entremise.buying.operations.standing import (
    end_standing,
    part_standing,
    pause_standing,
    resume_standing,
    say_standing,
    share_standing,
    skip_standing,
    take_turn,
)
from entremise.buying.operations.tendering import (
    Offered,
    end_tender,
    tender,
)
from entremise.buying.operations.voting import (
    cast_ballot,
)

__all__ = [
    "KIND",
    "ArticleDraft",
    "BriefDraft",
    "Offered",
    "Plan",
    "Wants",
    "ask_suppliers",
    "cast_ballot",
    "choose",
    "close_purchase",
    "end_standing",
    "end_tender",
    "finish_purchase",
    "gather",
    "give_up_brief",
    "hand_over",
    "invite",
    "leave_parcel",
    "let_go",
    "miss_standing",
    "move_on",
    "need_by_text",
    "note_billed",
    "order",
    "order_supply",
    "part_standing",
    "pause_standing",
    "place_standing",
    "plan",
    "plan_for",
    "plan_next",
    "put_to_vote",
    "receive_supply",
    "remind_parcel",
    "repeat",
    "resume_standing",
    "say_need",
    "say_standing",
    "set_handover",
    "share_standing",
    "skip_standing",
    "take_turn",
    "tender",
    "withdraw_need",
    "write_brief",
    "write_shares",
]
