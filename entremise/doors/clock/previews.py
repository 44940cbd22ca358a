"""Tables on the terminal."""

from collections.abc import Iterable, Sequence
from typing import TextIO

from django.core.management.base import OutputWrapper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.words import SENTENCES, line_words
from entremise.people.rules.preview import Outcome, Reason, Verdict

VERDICTS: dict[Verdict, Promise] = {
    Verdict.CREATE: _("à créer"),
    Verdict.MATCH: _("déjà connu"),
    Verdict.ASK: _("à décider"),
    Verdict.REFUSE: _("refusé"),
}
PROBLEMS: dict[str, Promise] = {
    "hours_differ": _("heures en désaccord"),
    "hours_unconfirmed": _("heures que le client n’a pas confirmées"),
    "no_bank_account": _("pas de compte bancaire pour la paie"),
    "no_address": _("pas d’adresse pour la facture"),
}


def problem(code: str) -> str:
    """Why a document waits, without the values that a full sentence would name."""
    words = str(PROBLEMS.get(code) or SENTENCES.get(code) or code)
    return code if "%(" in words else words


def table(out: "TextIO | OutputWrapper", headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their longest cell, amounts and numbers to the right."""
    lines = [list(map(str, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *lines, strict=True)]
    right = [bool(lines) and all(_is_figure(line[index]) for line in lines) for index in range(len(headings))]
    for cells in (headings, ["─" * width for width in widths], *lines):
        shown = [
            cell.rjust(width) if figure else cell.ljust(width)
            for cell, width, figure in zip(cells, widths, right, strict=True)
        ]
        out.write("  ".join(shown).rstrip() + "\n")


def outcomes(out: "TextIO | OutputWrapper", found: Sequence[Outcome]) -> None:
    """What becomes of each line of a spreadsheet, then how many of each."""
    rows = [(str(one.line), str(VERDICTS[one.verdict]), one.what, " ".join(map(_words, one.reasons))) for one in found]
    table(out, [str(_("ligne")), str(_("résultat")), str(_("quoi")), str(_("pourquoi"))], rows)
    counts(out, found)


def counts(out: "TextIO | OutputWrapper", found: Sequence[Outcome]) -> None:
    said = [f"{sum(one.verdict is verdict for one in found)} {words}" for verdict, words in VERDICTS.items()]
    out.write(", ".join(said) + "\n")


def _words(reason: Reason) -> str:
    try:
        return line_words(reason)
    except KeyError:
        return reason.code


def _is_figure(text: str) -> bool:
    return text[:1].isdigit() or text[:2].lstrip("−-").isdigit()
