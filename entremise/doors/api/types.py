"""What may be sent: exactly typed, bounded, without signs that no database keeps."""

import re
from base64 import b64decode
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, field_validator

CLEAN: Final = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]*$"  # No control signs but tabs and line ends.
FIRST_YEAR, LAST_YEAR = 1900, 2099
NOW_YEAR: Final = 2000
LARGEST_NUMBER: Final = 2**31 - 1
PAGE, LONGEST_PAGE = 25, 100
D = TypeVar("D", date, datetime)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:[0-5]\d)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Given(BaseModel):
    """A body: what is not described is refused, so that no wish is lost in a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """An answer. Moments are told in UTC, whichever clock they were taken from."""

    @field_validator("*")
    @classmethod
    def _in_utc(cls, value: Any) -> Any:
        return value.astimezone(UTC) if isinstance(value, datetime) else value

    @classmethod
    def drawn(cls, row: object, **more: object) -> Self:
        """From a row's own columns; more: what they do not tell."""
        own = {name: getattr(row, name) for name in cls.model_fields if name not in more}
        return cls.model_validate({**own, **more})


def _whole(value: Any) -> int:
    """JSON knows no integers: 2.0 is 2. A text or a truth is not."""
    whole = value.is_integer() if isinstance(value, float) else type(value) is int  # 1e999 is no number at all.
    if not whole:
        raise ValueError("a whole number is expected")
    return int(value)


def _digits(value: Any) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", str(value), re.ASCII):
        raise ValueError("a whole number is expected")
    return int(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is expected")
    return value


def _identity(value: Any) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError("a UUID is expected")
    return UUID(value)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is expected: 2026-11-24")
    return _in_years(date.fromisoformat(value), FIRST_YEAR)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a moment with its offset is expected: 2026-11-24T09:30:00+01:00")
    # Python 3.11 reads at most six digits of a second, and no leap second.
    text = re.sub(r"(T..:..):60", r"\1:59", re.sub(r"\.(\d{1,6})\d*", r".\1", value.upper()))
    return _in_years(datetime.fromisoformat(text), NOW_YEAR)


def _base64(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError("a text in base64 is expected")
    return b64decode(value, validate=True)


def _in_years(moment: D, first: int) -> D:
    if not first <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year from {first} to {LAST_YEAR} is expected")
    return moment


# Bounds come before the validators that read: only so does the document name them.
WHOLE, DIGITS = BeforeValidator(_whole), BeforeValidator(_digits)
Minutes = Annotated[int, Field(ge=0, le=24 * 60, description="Minutes.", examples=[120]), WHOLE]
VisitLength = Annotated[int, Field(ge=15, le=720, description="Minutes of one visit.", examples=[120]), WHOLE]
Truth = Annotated[bool, BeforeValidator(_truth)]
Id = Annotated[UUID, BeforeValidator(_identity)]
Day = Annotated[date, Field(description="From 1900 to 2099.", examples=["2026-11-24"]), BeforeValidator(_day)]
Moment = Annotated[
    datetime,
    Field(description="RFC 3339 with its offset, from 2000 to 2099.", examples=["2026-11-24T09:30:00+01:00"]),
    BeforeValidator(_moment),
]


Scan = Annotated[
    bytes,
    BeforeValidator(_base64),
    WithJsonSchema(
        {
            "type": "string",
            "contentEncoding": "base64",
            "pattern": "^(?:[A-Za-z0-9+/]{4})+$|^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=)$",
            "description": "JPEG, PNG, WEBP or TIFF in base64, at most six million bytes.",
        }
    ),
]
Clean = Annotated[str, StringConstraints(strict=True, pattern=CLEAN)]
Word = Annotated[Clean, Field(max_length=40)]
Name = Annotated[Clean, Field(max_length=60)]
Title = Annotated[Clean, Field(max_length=80)]
Line = Annotated[Clean, Field(max_length=120)]
Reason = Annotated[Clean, Field(max_length=200)]
Note = Annotated[Clean, Field(max_length=300)]
Code = Annotated[str, StringConstraints(strict=True, pattern="^[a-z0-9-]{1,40}$"), Field(examples=["menage"])]

# In addresses. Ninja reads from the name of a parameter where it stands.
Numbered = Annotated[int, Field(ge=1, le=LARGEST_NUMBER, description="The number that people say."), DIGITS]
Named = Id
Spelled = Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9-]+$", examples=["CT-2026-0042"])]
VisitMinutes = Annotated[int, Field(ge=15, le=720, description="Of one visit."), DIGITS]
Limit = Annotated[int, Field(ge=1, le=LONGEST_PAGE, description="Rows of a page."), DIGITS]
Cursor = Annotated[
    str, Field(max_length=200, pattern=CLEAN, description="`next` of the page before; empty for the first.")
]
Words = Annotated[str, Field(max_length=100, pattern=CLEAN)]
Chosen = Id | None
WhichNumber = Annotated[
    Annotated[int, Field(ge=1, le=LARGEST_NUMBER), DIGITS] | None, Field(description="Of a request.")
]
