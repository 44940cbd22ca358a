"""Making PDF files in processes of their own. Imports no room: a fresh process has none of them ready."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

import django

WORTH_IT = 12  # Documents: below, starting the processes takes longer than the printing.


def presses(documents: int) -> ProcessPoolExecutor | None:
    """A pool for so many documents; None when this process does better alone."""
    workers = min(os.cpu_count() or 1, 8)
    if documents < WORTH_IT or workers < 2:
        return None
    # Not forked: a child of a fork would share our connection to the database, and close it.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the clock, which lets us finish.
    threading.Thread(target=_end_with_the_clock, daemon=True).start()
    django.setup()


def _end_with_the_clock() -> None:
    """A clock that was killed tells nobody, and its presses would wait for work for ever."""
    clock = multiprocessing.parent_process()
    if clock:
        clock.join()
        os._exit(1)
