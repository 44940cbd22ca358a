"""Rivals: real threads with connections of their own, let go at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from django.db import connection

from entremise.tenancy import scope

R = TypeVar("R")


def rivals(count: int, organisation: UUID, act: Callable[[int], R]) -> list[R | Exception]:
    """What each of `count` threads got from `act(number)`, in its own transaction: an answer or an exception."""
    gate = threading.Barrier(count)

    def run(number: int) -> R | Exception:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            with scope.writing(organisation):
                return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
