"""The two ways through a web door. Every address is declared with one; a law test walks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, Protocol, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers

from entremise.doors.frame.errors import PROBLEMS, wrong_method
from entremise.doors.frame.kept import alike, in_a_session
from entremise.doors.frame.visit import Guard, Inside, anyone
from entremise.doors.frame.words import sentence
from entremise.history.queries import latest_fact
from entremise.kernel.refused import Refused
from entremise.tenancy import scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Way:
    kind: Literal["read", "write"]
    guard: Guard
    kept: bool = False
    again: View | None = None


class Declared(Protocol):
    ways: dict[str, Way]

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase: ...


@dataclass
class BadForm(Exception):
    """What was typed needs another look; the page comes back with it."""

    form: BaseForm


def checked(form: BaseForm) -> None:
    """Raise BadForm unless the form is valid."""
    if not form.is_valid():
        raise BadForm(form)


class NotForYou(Exception):
    """The guard said no. The Threshold decides between a sign-in page and a plain refusal."""


def read(guard: Guard, *, kept: bool = False) -> Callable[[View], Declared]:
    """A page: GET only, cannot write. kept: it is the same for every visitor without a session (see kept.py)."""
    if kept and guard is not anyone:
        raise ValueError("a page that not everybody may read cannot be kept")

    def declare(view: View) -> Declared:
        @wraps(view)
        def through(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            inside = _guarded(request, guard)
            if request.method not in ("GET", "HEAD"):
                return wrong_method(request, allowed="GET")
            with scope.reading(inside.visit.organisation.id):
                if kept and alike(request):
                    inside.as_of = latest_fact()
                answer = view(inside, *args, **kwargs)
            if not kept or in_a_session(request):
                add_never_cache_headers(answer)  # What one person read or typed, no browser shows the next one.
            return answer

        return declared(through, {"GET": Way("read", guard, kept)})

    return declare


def write(guard: Guard, *, again: View) -> Callable[[View], Declared]:
    """An action: POST only, exactly one transaction.

    again: the page to show, with what was typed (`request.form`) and what to do about it, when the form is
    incomplete or an operation refused. Nothing of the transaction remains then.
    """

    def declare(view: View) -> Declared:
        @wraps(view)
        def through(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            inside = _guarded(request, guard)
            if request.method != "POST":
                return wrong_method(request, allowed="POST")
            organisation = inside.visit.organisation.id
            try:
                with scope.writing(organisation):
                    return view(inside, *args, **kwargs)
            except BadForm as bad:
                inside.form = bad.form
                if all(name in bad.form.fields and bad.form[name].is_hidden for name in bad.form.errors):
                    # Nothing that anybody typed: the page and what it sends have drifted apart.
                    inside.refusal = str(PROBLEMS["form_too_old"])
            except Refused as refused:
                _explain(inside, refused)
            with scope.reading(organisation):
                page = again(inside, *args, **kwargs)
            if not page.has_header("Location"):  # Else there is nothing to come back to any more.
                page.status_code = 422
            return page

        return declared(through, {"POST": Way("write", guard, again=again)})

    return declare


def outside(view: View) -> Declared:
    """An address that machines ask and that speaks for no organisation: GET only, sees no tenant's row."""

    @wraps(view)
    def through(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        return view(request, *args, **kwargs)

    return declared(through, {"GET": Way("read", anyone)})


def on(*, get: Declared, post: Declared) -> Declared:
    """One address with a page and an action."""

    def dispatch(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST":
            return post(request, *args, **kwargs)
        return get(request, *args, **kwargs)

    return declared(wraps(get)(dispatch), {**get.ways, **post.ways})


def _explain(request: Inside, refused: Refused) -> None:
    """Beside the field that is meant; else above everything, where it is seen even if the form is no longer there."""
    form: BaseForm | None = getattr(request, "form", None)
    if form is not None and refused.where in form.fields:
        form.add_error(refused.where, sentence(refused))
    else:
        request.refusal = sentence(refused)


def _guarded(request: HttpRequest, guard: Guard) -> Inside:
    inside = cast("Inside", request)
    for name, nothing in (("form", None), ("refusal", "")):
        vars(inside).setdefault(name, nothing)
    if not guard(inside.visit):
        raise NotForYou
    return inside


def declared(view: View, ways: dict[str, Way]) -> Declared:
    """A view with the ways that lead through it, where the law finds them."""
    known = cast("Declared", view)
    known.ways = ways
    return known
