"""Spreadsheets brought in: shown line by line first, written down when somebody says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import is_id
from entremise.doors.desk.forms_imports import ConfirmForm, UploadForm
from entremise.doors.desk.nav import allowed_to, came_back, page
from entremise.doors.frame.visit import Inside, Visit
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words import line_words
from entremise.jobs.operations.import_extras import describe_imported
from entremise.jobs.operations.import_hours import import_hours
from entremise.jobs.operations.imports import import_requests
from entremise.kernel.act import Door, Role
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.adapters.sheets import read_sheet
from entremise.people.queries import several
from entremise.people.rules.columns import knows
from entremise.people.rules.may import Verb
from entremise.people.rules.preview import Outcome, Reason, Verdict
from entremise.people.rules.sheet import Sheet

KEPT = 60 * 60  # Seconds between the preview and the yes.
SHOWN = 500  # Lines of the preview; those to look at come first.
ORDER = (Verdict.REFUSE, Verdict.ASK, Verdict.CREATE, Verdict.MATCH)

importers = allowed_to(Verb.IMPORTS_RUN)


@dataclass(frozen=True)
class Upload:
    """A file between its preview and the yes; kept for one person only, and not for long."""

    kind: str
    name: str
    content: bytes
    role: Role | None


def imports_page(request: Inside) -> HttpResponse:
    form = came_back(request, UploadForm) or UploadForm()
    return page(request, "imports", section="settings", context={"form": form})


@write(importers, again=imports_page)
def bring(request: Inside) -> HttpResponse:
    """First the preview, with nothing written; then, when asked for, the import itself."""
    return _confirm(request) if "token" in request.POST else _preview(request)


imports = on(get=read(importers)(imports_page), post=bring)


def _preview(request: Inside) -> HttpResponse:
    form = request.form = UploadForm(request.POST, request.FILES)
    checked(form)
    given = form.cleaned_data
    role = Role(given["role"]) if given["kind"] == "people" and given["role"] else None
    upload = Upload(given["kind"], given["file"].name[:120], given["file"].read(), role)
    outcomes = _run(request, upload, dry_run=True)
    token = token_urlsafe(24)
    cache.set(_key(request.visit, token), upload, KEPT)
    counts = {verdict.value: sum(one.verdict is verdict for one in outcomes) for verdict in Verdict}
    shown = sorted(outcomes, key=lambda one: (ORDER.index(one.verdict), one.line))[:SHOWN]
    context = {
        "upload": upload,
        "token": token,
        "counts": counts,
        "total": len(outcomes),
        "rows": _rows(shown),
        "hidden": len(outcomes) - len(shown),
    }
    return page(request, "import_preview", section="settings", context=context)


def _rows(shown: Sequence[Outcome]) -> list[dict[str, object]]:
    """The lines, each with those who it could be about."""
    meant = {one.line: [UUID(who) for given in one.reasons for who in _named(given)] for one in shown}
    known = several(people={who for ids in meant.values() for who in ids})
    return [
        {
            "outcome": one,
            "reasons": [line_words(given) for given in one.reasons],
            "could_be": [known[who] for who in meant[one.line] if who in known],
        }
        for one in shown
    ]


def _named(given: Reason) -> list[str]:
    people_ = given.params.get("people")
    return people_ if isinstance(people_, list) else []


def _confirm(request: Inside) -> HttpResponse:
    chosen = ConfirmForm(request.POST)
    checked(chosen)
    key = _key(request.visit, chosen.cleaned_data["token"])
    upload = cache.get(key)
    if upload is None:
        raise Refused("upload_gone")
    outcomes = _run(
        request, upload, dry_run=False, good_only=chosen.cleaned_data["good_only"], decided=_decided(request)
    )
    cache.delete(key)
    made = sum(one.verdict is Verdict.CREATE for one in outcomes)
    messages.success(request, _("Lignes importées : %(made)s.") % {"made": made})
    return redirect("desk:imports")


def _run(
    request: Inside,
    upload: Upload,
    *,
    dry_run: bool,
    good_only: bool = False,
    decided: dict[int, UUID | None] | None = None,
) -> list[Outcome]:
    act, zone = request.visit.act(Door.DESK), request.visit.zone
    sheet: Sheet = read_sheet(upload.name, upload.content, is_name=knows(upload.kind))
    if upload.kind == "people":
        brought = people.import_people(
            act=act, sheet=sheet, dry_run=dry_run, role=upload.role, good_only=good_only, decided=decided
        )
        return brought.outcomes if dry_run else [*brought.outcomes, *describe_imported(act=act, extras=brought.extras)]
    if upload.kind == "places":
        return people.import_places(act=act, sheet=sheet, dry_run=dry_run, good_only=good_only)
    bring_in = import_requests if upload.kind == "requests" else import_hours
    return bring_in(act=act, sheet=sheet, zone=zone, dry_run=dry_run, good_only=good_only)


def _decided(request: Inside) -> dict[int, UUID | None]:
    """line → who it is, for lines that were asked about."""
    said = {name.removeprefix("line-"): who for name, who in request.POST.dict().items() if name.startswith("line-")}
    lines = {int(line): str(who) for line, who in said.items() if line.isdecimal() and len(line) < 9}
    return {line: None if who == "new" else UUID(who) for line, who in lines.items() if who == "new" or is_id(who)}


def _key(visit: Visit, token: str) -> str:
    return f"upload:{visit.organisation.id}:{visit.person}:{token}"
