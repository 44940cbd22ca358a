"""What an organisation did, for everybody: each figure opens onto what it is computed from, and none onto a few."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from entremise.doors.frame.results import FIGURES, PARTS, ROWS, said
from entremise.doors.frame.sheets import CSV_TYPE, Cell, write_csv
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import read
from entremise.doors.site.nav import foot, head
from entremise.impact import queries as impact
from entremise.impact.queries import TWELVE, Published, Report
from entremise.impact.rules import FEWEST, Figure
from entremise.impact.rules import Cell as Line
from entremise.kernel.act import Door
from entremise.kernel.time import Period

ADD_UP: Final = {"hours", "jobs", "net_pay", "calls"}  # Over months; people who come in two are not two people.
IN_UNIT: Final = {"cents": Decimal(100), "minutes": Decimal(60), "minutes_wait": Decimal(60)}
WITHOUT_MONTHS = ("first_yes", "content")  # Of a whole period: a middle, and each person’s latest word.


def local_day(request: Inside) -> date:
    return request.visit.act(Door.SITE).at.astimezone(_zone(request)).date()


def shown(request: Inside) -> Published:
    """What may be published of the period that the address asks for."""
    return published(request, request.GET.get("periode", TWELVE))


def published(request: Inside, wanted: str = TWELVE) -> Published:
    return impact.published(wanted=wanted, today=local_day(request), zone=_zone(request))


@read(anyone, kept=True)
def show_results(request: Inside) -> HttpResponse:
    seen = shown(request)
    hours = seen.series("hours") if seen.report else []
    context = {
        **_frame(seen),
        "figures": [_figure(seen, one) for one in seen.report.figures.values()] if seen.report else [],
        "hours": _chart(hours),
        "parts": parts_of(seen.report) if seen.report else [],
    }
    return render(request, "site/results.html", context)


@read(anyone, kept=True)
def show_figure(request: Inside, figure: str) -> HttpResponse:
    """One figure: what it means, of which rows it is made, and its months; of hours, also where and what."""
    seen = shown(request)
    if figure not in FIGURES:
        raise Http404
    meaning, found = FIGURES[figure], seen.report.figures[figure] if seen.report else None
    rows = seen.series(figure) if figure not in WITHOUT_MONTHS else []
    tables = []
    if figure == "hours" and seen.is_year and seen.report and found and not found.hidden:
        period = seen.report.period
        tables = [
            {
                "title": _("Par activité"),
                "what": _("Activité"),
                "rows": _lines(impact.hours_by_activity(period=period)),
            },
            {"title": _("Par commune"), "what": _("Commune"), "rows": _lines(impact.hours_by_place(period=period))},
        ]
    counted = [(ROWS[kind], seen.report.rows.get(kind)) for kind in meaning.rows] if seen.report else []
    context = {
        **_frame(seen),
        "meaning": meaning,
        "figure": _figure(seen, found) if found else None,
        "counted": counted,
        "series": _chart(rows),
        "tables": tables,
        "year": next((name for name in seen.choices if name.isdecimal()), ""),
        "of_hours": figure == "hours",
    }
    return render(request, "site/figure.html", context)


@read(anyone, kept=True)
def open_data(request: Inside) -> HttpResponse:
    """The same figures as a file, for whoever computes with them."""
    seen, file = shown(request), BytesIO()
    titles = [_("Du"), _("Au"), _("Chiffre"), _("Valeur"), _("Unité")]
    write_csv(file, titles=titles, rows=_table(seen))
    answer = HttpResponse(file.getvalue(), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{request.visit.organisation.slug}-{seen.chosen}.csv"'
    return answer


def _table(seen: Published) -> Iterator[list[Cell]]:
    """The whole period first, then month by month; what is hidden is left out."""
    if seen.report is None:
        return
    whole = seen.report.period
    for code in FIGURES:
        series = seen.series(code) if code not in WITHOUT_MONTHS and len(seen.blocks) > 1 else []
        for period, figure in [(whole, seen.report.figures[code]), *series]:
            if figure.value is not None:
                yield [period.first, period.last, str(FIGURES[code].label), _number(figure), _unit(figure)]
    for part, amount in seen.report.euro.items():
        euros = (Decimal(amount) / 100).quantize(Decimal("0.01"))
        yield [whole.first, whole.last, str(PARTS[part]), euros, "€"]


def _number(figure: Figure) -> Cell:
    value = figure.value or 0
    return (value / IN_UNIT[figure.unit]).quantize(Decimal("0.01")) if figure.unit in IN_UNIT else value


def _unit(figure: Figure) -> str:
    units = {"cents": "€", "minutes": _("heures"), "minutes_wait": _("heures"), "percent": "%"}
    return units.get(figure.unit, "")


def parts_of(report: Report) -> list[dict[str, object]]:
    """Where what clients paid goes, the largest part first."""
    given = sorted(report.euro.items(), key=lambda part: -part[1])
    return [{"label": PARTS[name], "amount": amount} for name, amount in given if amount > 0]


def _frame(seen: Published) -> dict[str, object]:
    chips = [
        {"name": name, "label": _name(name, period), "current": name == seen.chosen}
        for name, period in seen.choices.items()
    ]
    months = [chip for chip in chips if "-" in str(chip["name"]) and chip["name"] != TWELVE]
    return {
        "nav": head("results"),
        "foot_nav": foot(),
        "seen": seen,
        "period": seen.report.period if seen.report else None,
        "chips": [chip for chip in chips if chip not in months],
        "months": months,
        "query": "" if seen.chosen == TWELVE else f"?periode={seen.chosen}",
        "fewest": FEWEST,
    }


def _name(name: str, period: Period) -> str:
    if name == TWELVE:
        return _("Douze mois")
    return name if name.isdecimal() else date_format(period.first, "F Y").capitalize()


def _figure(seen: Published, figure: Figure) -> dict[str, object]:
    query = "" if seen.chosen == TWELVE else f"?periode={seen.chosen}"
    return {
        "meaning": FIGURES[figure.code],
        "value": said(figure),
        "hidden": figure.hidden,
        "url": reverse("site:figure", args=[figure.code]) + query,
    }


def _chart(rows: list[tuple[Period, Figure]]) -> list[dict[str, object]]:
    """A column for each month, or for the months that are told together: of what adds up, as high as one of them."""
    drawn = []
    for period, figure in rows:
        months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
        amount = (figure.value or 0) // (months if figure.code in ADD_UP else 1)
        row = {"label": span(period), "short": _short(period), "said": said(figure)}
        drawn.append({**row, "amount": amount, "months": months})
    return drawn


def span(period: Period) -> str:
    if period == Period.month_of(period.first):
        return date_format(period.first, "F Y")
    said_together = {"first": date_format(period.first, "F Y"), "last": date_format(period.last, "F Y")}
    return _("%(first)s à %(last)s") % said_together


def _short(period: Period) -> str:
    first, last = date_format(period.first, "F")[0].upper(), date_format(period.last, "F")[0].upper()
    return first if period == Period.month_of(period.first) else f"{first}–{last}"


def _lines(cells: list[Line]) -> list[dict[str, object]]:
    most = max((cell.value for cell in cells), default=0) or 1
    named = {"": _("Autres, ensemble"), "?": _("Non précisé")}
    return [{"label": named.get(cell.label, cell.label), "minutes": cell.value, "most": most} for cell in cells]


def _zone(request: Inside) -> ZoneInfo:
    return request.visit.zone
