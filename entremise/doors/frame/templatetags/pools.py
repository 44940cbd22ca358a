"""What rows of the pools are called, at the desk and at home."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from entremise.doors.frame.templatetags.entremise import ico
from entremise.doors.frame.words_pools import BUDGETS, HOW, KINDS, OUTCOMES, Words

register = template.Library()


def _labels(name: str, table: Mapping[str, Words]) -> None:
    register.filter(name, lambda code: table.get(code, code))


_labels("budget_kind", KINDS)
_labels("care_word", OUTCOMES)
_labels("budget_how", HOW)


@register.filter
def budget_badge(state: str) -> SafeString:
    label, tone, icon = BUDGETS[state]
    return format_html('<span class="badge{}">{} {}</span>', f" badge--{tone}" if tone else "", ico(icon), label)
