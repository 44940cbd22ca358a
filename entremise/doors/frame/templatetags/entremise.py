import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypedDict
from uuid import UUID
from zlib import crc32

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.template import Context, defaultfilters
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from entremise.doors.frame import styles, theme
from entremise.doors.frame.errors import API
from entremise.doors.frame.visit import DESK
from entremise.doors.frame.words_account import WITHDRAWALS
from entremise.doors.frame.words_help import TERMS
from entremise.kernel.money import EUR, Money, split
from entremise.kernel.phone import spoken
from entremise.kernel.time import hours_and_minutes

register = template.Library()

NBSP = "\u00a0"
MINUS = "\u2212"  # A hyphen before an amount reads as a dash.
HOME, ABROAD = "FR", "ZZ"
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


class Part(TypedDict):
    label: str
    amount: int


@register.simple_tag
def ico(name: str) -> SafeString:
    """An icon of the sprite, in the colour of its text. Always beside a word or inside an `aria-label`."""
    return _symbol("ico", name)


@register.simple_tag
def pic(name: str) -> SafeString:
    """A pictogram of the sprite, tinted by the nearest `data-u`."""
    return _symbol("pic", f"p-{name}")


def _symbol(kind: str, name: str) -> SafeString:
    markup = '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    return format_html(markup, kind, static("icons.svg"), name)


@register.inclusion_tag("components/help.html", takes_context=True)
def help_on(context: Context, name: str) -> dict[str, object]:
    """What a word of the trade means, closed until somebody asks; nothing when there is nothing to say of it."""
    term, request = TERMS.get(name), context.get("request")
    at_the_desk = request and request.path.startswith(DESK)
    return {"term": term, "page": reverse(f"desk:{term.page}") if term and term.page and at_the_desk else ""}


@register.simple_tag(takes_context=True)
def style_url(context: Context) -> str:
    """The stylesheet in the two hues of `organisation`; in ours where there is none."""
    return styles.style_url(*_hues(context))


@register.simple_tag
def script_url(part: str = "") -> str:
    return styles.script_url(desk=part == "desk")


@register.simple_tag(takes_context=True)
def theme_colour(context: Context) -> str:
    return theme.tokens(*_hues(context))["marque"]


def _hues(context: Context) -> tuple[int, int]:
    organisation = context.get("organisation")
    return (organisation.hue_ink, organisation.hue_accent) if organisation else (theme.INK, theme.ACCENT)


@register.simple_tag(takes_context=True)
def preload_fonts(context: Context) -> SafeString:
    """Starts both fonts early, unless the reader asks to save data: the stylesheet then has no fonts either.

    A title that is drawn anew when its font arrives would push away what a finger is about to touch.
    """
    request = context.get("request")
    if request and request.headers.get("Save-Data") == "on":
        return SafeString("")
    markup = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>'
    return format_html_join("", markup, ((static(f"fonts/{name}.woff2"),) for name in ("bricolage", "atkinson")))


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[dict[str, str]]:
    """This page in the other languages: code, name, url. Home where there is none; "" where no address says it."""
    path = page_path(context)
    return [
        {"code": code, "name": str(name), "url": "" if path.startswith((DESK, API)) else _same_page(path, code)}
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]


@register.simple_tag(takes_context=True)
def page_path(context: Context) -> str:
    """The address of this page, or of its beginning when only a form leads to it."""
    request = context.get("request")
    if request is None:
        return "/"
    match = request.resolver_match
    if match is None or "GET" in getattr(match.func, "ways", {}):
        return str(request.get_full_path())
    return f"{DESK}/" if request.path.startswith(DESK) else reverse("site:me")


def _same_page(path: str, language: str) -> str:
    url = str(translate_url(path, language))
    with override(language):
        return reverse("site:home") if url == path else url


@register.simple_tag
def structured(data: dict[str, object]) -> SafeString:
    """Data for search engines (JSON-LD). No browser runs it, so the policy lets it through; its text cannot end it."""
    text = json.dumps(data, ensure_ascii=False).translate(
        {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    )
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.inclusion_tag("components/shares.html")
def shares(parts: Sequence[Part], label: str) -> dict[str, object]:
    """Where an amount goes, as one bar with its legend. parts: {label, amount}, at most six, biggest first."""
    whole = split(100, [part["amount"] for part in parts])
    starts = [sum(whole[:index]) for index in range(len(whole))]
    rows = zip(parts, starts, whole, range(1, 7), strict=False)
    return {
        "label": label,
        "parts": [
            {"label": part["label"], "start": start, "width": width, "series": series}
            for part, start, width, series in rows
        ],
    }


class Bar(TypedDict):
    short: str
    amount: int
    months: int


@register.inclusion_tag("components/columns.html")
def columns(rows: Sequence[Bar], label: str) -> dict[str, object]:
    """Columns from left to right, a table beside them. rows: {short, amount, months}, amounts of nothing or more.

    A column is as wide as the months that it stands for.
    """
    most = max((row["amount"] for row in rows), default=0) or 1
    step = 480 // max(sum(row["months"] for row in rows), 1)
    gap, at, drawn = step - min(step * 7 // 10, 60), 0, []
    for row in rows:
        room, high = step * row["months"], 170 * row["amount"] // most
        middle = step * at + room // 2
        column = {"x": step * at + gap // 2, "y": 180 - high, "width": room - gap, "height": high}
        drawn.append({**column, "middle": middle, "short": row["short"]})
        at += row["months"]
    return {"label": label, "rows": drawn}


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """Wraps a wide table: it scrolls by itself, by keyboard too, and says its name."""
    return format_html('<div class="scroll" tabindex="0" role="group" aria-label="{}">{}</div>', label, content)


@register.filter
def withdrawal_word(state: str) -> str:
    return str(WITHDRAWALS.get(state, state))


@register.filter
def coded(text: str) -> SafeString:
    """What stands between `backticks`, as code."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


@register.filter
def money(value: int | Money | None, style: str = "") -> str:
    """« 49,00 € » from cents or Money; "short" drops the cents of a round amount. Nothing from None."""
    if value is None:
        return ""
    amount = value if isinstance(value, Money) else Money(value, EUR)
    if style == "short" and amount.amount % 100 == 0:
        return format_currency(
            amount.amount // 100, amount.asset, format=_short_pattern(), locale=_locale(), currency_digits=False
        ).replace("-", MINUS)
    return format_currency(Decimal(amount.amount) / 100, amount.asset, locale=_locale()).replace("-", MINUS)


@register.filter
def iban(value: str) -> str:
    """In fours, as people copy it."""
    return "\u00a0".join(value[start : start + 4] for start in range(0, len(value), 4))


@register.filter
def hours(minutes: int | None, style: str = "") -> str:
    """« 2 h », « 2 h 30 » ("2 h 30 min" in English), « 45 minutes »; "long" for the ear: « 2 heures 30 minutes »."""
    if minutes is None:
        return ""
    whole, rest = hours_and_minutes(abs(minutes))
    sign = "−" if minutes < 0 else ""
    if style == "long" or (rest and not whole):
        parts = [(whole, "duration-hour"), (rest, "duration-minute")]
        said = [format_unit(count, unit, "long", locale=_locale()) for count, unit in parts if count]
        return sign + " ".join(said or [format_unit(0, "duration-hour", "long", locale=_locale())])
    past = f"{NBSP}{rest:02d}" if _language() == "fr" else f"{NBSP}{rest}{NBSP}min"
    return f"{sign}{whole}{NBSP}h" + (past if rest else "")


@register.filter
def phone(e164: str | None) -> str:
    """« 06 39 98 14 27 », in pairs that stay on one line; in English as from any country, "+33 6 39 98 14 27"."""
    region = HOME if _language() == "fr" else ABROAD
    return spoken(e164, region=region).replace(" ", NBSP) if e164 else ""


@register.filter
def percent(value: object) -> str:
    """« 12 % », in English "12%"."""
    return f"{value}{NBSP}%" if _language() == "fr" else f"{value}%"


@register.filter
def grouped(count: int) -> str:
    """« 100 000 », in English "100,000"."""
    return format_decimal(count, locale=_language())


@register.filter
def rate(value: Decimal) -> str:
    """« 12,5 % » from a fraction."""
    return percent(format_decimal(value * 100, locale=_language()))


@register.filter("date", expects_localtime=True, is_safe=False)
def formatted_date(value: date | str | None, pattern: str | None = None) -> str:
    """Django's own `date`, where the first of a month is « 1er mai » in French."""
    if pattern and isinstance(value, date) and value.day == 1 and _language() == "fr":
        pattern = pattern.replace("j F", r"j\e\r F")
    return str(defaultfilters.date(value, pattern))


@register.filter
def spoken_date(value: date | None) -> str:
    """« mardi 24 novembre » from a date, « mardi 24 novembre, 9 h » from a moment, in local time."""
    return _dated(value, "EEEE d MMMM")


@register.filter
def short_date(value: date | None) -> str:
    """« mar. 24 nov. », with the hour from a moment."""
    return _dated(value, "EEE d MMM")


def _dated(value: date | None, pattern: str) -> str:
    if value is None:
        return ""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    day = format_date(moment, pattern, locale=_locale())
    if _language() == "fr" and moment.day == 1:
        day = day.replace(" 1 ", " 1er ")
    return f"{day}, {_clock(moment)}" if isinstance(moment, datetime) else day


@register.filter
def clock(value: datetime | time | None) -> str:
    """« 9 h », « 9 h 30 » from a moment, in local time, or from an hour of the day."""
    if value is None:
        return ""
    return _clock(timezone.localtime(value) if isinstance(value, datetime) else value)


def _clock(moment: datetime | time) -> str:
    if _language() == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")
    half = "am" if moment.hour < 12 else "pm"
    return f"{moment.hour % 12 or 12}" + (f":{moment.minute:02d}" if moment.minute else "") + f"{NBSP}{half}"


@register.filter
def initials(given: str, family: str = "") -> str:
    """« OM » from given and family name, or from a full name."""
    words = f"{given} {family}".split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def tint(identifier: UUID | str | int) -> str:
    """A service tint for `data-u`, always the same for the same person: it helps the eye, it means nothing."""
    return theme.SERVICES[crc32(str(identifier).encode()) % len(theme.SERVICES)]


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a form field with the class that its kind wants."""
    plain = isinstance(field.field.widget, forms.CheckboxInput | forms.RadioSelect | forms.HiddenInput)
    own = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={} if plain else {"class": f"input {own}".strip()})


@register.filter
def kind(field: BoundField) -> str:
    """ "choices", "checkbox" or "input": how components/form/field.html lays the field out."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one too.
        return "choices"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "input"


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the control that an error summary links to: the first one of a group."""
    return str(field.id_for_label or f"{field.auto_id}_0")


@register.filter
def times(count: int) -> Iterable[int]:
    """Numbers to repeat a drawing `count` times."""
    return range(count)


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _locale() -> str:
    return LOCALES.get(_language(), "fr_FR")


def _short_pattern() -> str:
    return "#,##0\u00a0¤" if _language() == "fr" else "¤#,##0"
