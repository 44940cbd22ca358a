"""How a brief stands, as a badge."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from entremise.doors.frame.templatetags.entremise import ico
from entremise.doors.frame.words_needs import BRIEFS

register = template.Library()


@register.filter
def brief_badge(state: str) -> SafeString:
    label, tone, icon = BRIEFS[state]
    return format_html('<span class="badge{}">{} {}</span>', f" badge--{tone}" if tone else "", ico(icon), label)
