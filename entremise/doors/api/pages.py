"""Lists, the newest first, a page at a time. Where a page begins is sealed, and good for one list only."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Model
from django.http import Http404

from entremise.tenancy import scope

Row = TypeVar("Row", bound=Model)


def before(cursor: str, *, of: str) -> UUID | None:
    """The row that the page before ended with; None for the first page. A cursor that we did not give is not found."""
    if not cursor:
        return None
    try:
        return UUID(_seal(of).unsign_object(cursor))
    except (BadSignature, ValueError, TypeError) as error:
        raise Http404("no such page") from error


def split(rows: Sequence[Row], *, limit: int, of: str) -> tuple[list[Row], str | None]:
    """The page, of rows that were asked for one more than it holds, and the cursor of the next one, if any."""
    page = list(rows[:limit])
    return page, _seal(of).sign_object(str(page[-1].pk)) if len(rows) > limit else None


def _seal(of: str) -> Signer:
    return Signer(salt=f"entremise.api.{scope.current()}.{of}")
