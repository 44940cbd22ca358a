"""What rows of the rooms are called at the desk."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entremise.doors.desk import (
    words,
    words_bank,
    words_dunning,
    words_figures,
    words_offers,
    words_payers,
    words_purchases,
    words_supply,
    words_together,
    words_vouchers,
    words_work,
)
from entremise.doors.frame import spoken, words_solidarity
from entremise.doors.frame.days import HOLIDAYS
from entremise.doors.frame.fields import EurosField
from entremise.doors.frame.results import PARTS, plain, said
from entremise.doors.frame.templatetags.entremise import NBSP, Part, ico, money, percent
from entremise.doors.frame.words_debits import CHARGES, REASONS
from entremise.doors.frame.words_papers import DOCUMENTS
from entremise.impact.queries import Report
from entremise.messaging.models import Task

register = template.Library()


def badge(label: words.Words, tone: str, icon: str) -> SafeString:
    """A state with its icon and word: colour never stands alone."""
    return format_html('<span class="badge{}">{} {}</span>', f" badge--{tone}" if tone else "", ico(icon), label)


def _badges(name: str, table: Mapping[str, words.Badge]) -> None:
    register.filter(name, lambda state: badge(*table[state]))


def _labels(name: str, table: Mapping[str, words.Words]) -> None:
    register.filter(name, lambda code: table.get(code, code))


_badges("request_badge", words.REQUESTS)
_badges("proposal_badge", words.PROPOSALS)
_badges("mission_badge", words.MISSIONS)
_badges("offer_badge", words_offers.OFFERS)
_badges("quote_badge", words_work.QUOTES)
_badges("agreement_badge", words.AGREEMENTS)
_badges("deposit_badge", words.DEPOSITS)
_badges("letter_badge", words.LETTERS)
_badges("award_badge", words_solidarity.AWARDS)
_badges("rules_badge", words_solidarity.RULES)
_badges("campaign_badge", words_together.CAMPAIGNS)
_badges("pledge_badge", words_together.PLEDGES)
_labels("pledge_means", words_together.MEANS)
_labels("seller_word", words_together.ROLES)
_labels("pays_word", words_together.PAYS)
_labels("strategy_word", words_together.STRATEGIES)
_badges("voucher_badge", words_vouchers.STATES)
_badges("batch_badge", words_vouchers.BATCHES)
_labels("issuer_word", words_vouchers.ISSUERS)
_badges("place_badge", words_solidarity.PLACES)
_labels("purpose_word", words_solidarity.PURPOSES)
_labels("gift_word", words_solidarity.GIFTS)
_labels("gift_how", words_solidarity.HOW)
_labels("origin_word", words_solidarity.ORIGINS)
_labels("seat_word", words_solidarity.SEATS)
_labels("vote_word", words_solidarity.ANSWERS)
_labels("decided_word", words_solidarity.DECIDED)


@register.filter
def typed_euros(cents: int) -> str:
    """As a person writes an amount into a field."""
    return str(EurosField(label="").prepare_value(cents))


_labels("payment_word", words.PAYMENTS)
_labels("door_word", words.DOORS)
_labels("role_word", words.ROLES)
_labels("party_word", words.PARTIES)
_labels("paper_word", words.PAPERS)
_labels("document_word", DOCUMENTS)
_labels("person_kind", words.PERSON_KINDS)
_labels("travel_word", words_work.TRAVEL_MODES)
_labels("trade_word", words_work.TRADES)
_labels("vat_word", words_work.VAT)
_labels("consent_word", words.CONSENTS)
_labels("how_word", words.HOW)
_labels("match_word", words_bank.MATCHES)
_labels("reason_word", words_bank.REASONS)
_labels("bearer_word", words_bank.BEARERS)
_badges("step_badge", words_bank.STEPS)
_labels("debit_reason", REASONS)
_labels("charge_reason", CHARGES)
_labels(
    "tone_word", {**words_dunning.TONES, **{f"reminder_{tone}": word for tone, word in words_dunning.TONES.items()}}
)
_labels("held_word", words_dunning.HELD)
_labels("payer_kind", words_payers.KINDS)
_labels("share_word", words_payers.SHARES)
_labels("span_word", words_payers.SPANS)
_labels("plan_word", words_dunning.PLANS)
_labels("pause_word", words_dunning.WHY)
_labels("figure_word", words.FIGURES)
_labels("law_word", words_figures.LAW)
_labels("outcome_word", words_work.OUTCOMES)
_badges("bill_badge", words_purchases.BILLS)
_badges("purchase_badge", words_supply.PURCHASES)
_badges("parcel_badge", words_supply.PARCELS)
_labels("bill_role", words_purchases.ROLES)
_badges("line_badge", words.LINES)


@register.filter
def rate(fraction: Decimal) -> str:
    """0.055 as « 5,5 % », in English "5.5%"."""
    number = f"{(fraction * 100).normalize():f}"
    return percent(number if get_language() == "en" else number.replace(".", ","))


@register.filter
def task_word(task: Task) -> words.Words:
    return words.TASKS.get(task.kind, task.kind)


@register.filter
def holiday_word(code: str) -> str:
    return str(HOLIDAYS[code])


@register.filter
def channel_badge(channel: str) -> SafeString:
    label, icon = words.CHANNELS[channel]
    return badge(label, "", icon)


register.filter("figure_value", said)


@register.filter
def euro_parts(report: Report) -> list[Part]:
    """The parts of what clients paid, biggest first."""
    parts: list[Part] = [{"label": str(PARTS[code]), "amount": amount} for code, amount in report.euro.items()]
    return sorted(parts, key=lambda part: -part["amount"])


@register.filter
def in_unit(value: Decimal, unit: str) -> str:
    """« 7 jours », « 6,9 % », « oui »: a figure with its unit in words."""
    if unit == "rate":
        return percent(plain(value * 100))
    if unit.startswith("EUR") and get_language() == "en":
        return f"{money(round(value * 100))}{str(words.UNITS[unit]).removeprefix('€')}"
    if unit == "yes":
        return str(_("oui") if value else _("non"))
    return f"{plain(value)}{NBSP}{words.UNITS.get(unit, unit)}"


@register.filter
def rhythm(rule: str) -> str:
    return spoken.rhythm(rule)


class Flow(TypedDict):
    """What came in and what went out over a month, cents. short: the month's name under its columns."""

    label: str
    short: str
    came: int
    went: int


@register.inclusion_tag("components/flows.html")
def flows(rows: Sequence[Flow], label: str) -> dict[str, object]:
    """Columns upwards for what came in and downwards for what went out, on one scale."""
    tallest = [max((row[way] for row in rows), default=0) for way in ("came", "went")]
    most = sum(tallest) or 1
    step = 480 // max(len(rows), 1)
    width, zero = min(step * 7 // 10, 40), 4 + 176 * tallest[0] // most
    drawn = []
    for at, row in enumerate(rows):
        up, down, x = 176 * row["came"] // most, 176 * row["went"] // most, step * at + (step - width) // 2
        middle = step * at + step // 2
        drawn.append({"x": x, "y": zero - up, "up": up, "down": down, "middle": middle, "short": row["short"]})
    return {"label": label, "rows": drawn, "width": width, "zero": zero}
