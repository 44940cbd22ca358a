from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.documents.queries import render, unprinted
from entremise.doors.clock.press import presses
from entremise.doors.clock.watch import Watch, read, write
from entremise.tenancy.models import Organisation

BATCH = 200


def print_documents(watch: Watch, organisation: Organisation) -> int:
    """Make and keep the PDF of what was issued; returns how many. The typesetting holds no transaction open."""
    aside = {item for round_, item in watch.put_off if round_ == "print"}
    waiting = read(organisation, lambda: unprinted(limit=BATCH + len(aside)))
    todo = [one for one in waiting if one.id not in aside]
    for one in todo:
        one.organisation = organisation  # Its time zone is printed, and a press asks no database.
    pool = presses(len(todo))
    if pool is None:
        return watch.each(organisation, "print", todo, partial(_print, organisation))
    with pool:
        made = dict(_rendered(pool, todo))
        done = watch.each(organisation, "print", todo, lambda one: _keep(organisation, one, made[one.id].result()))
        pool.shutdown(cancel_futures=True)
    return done


def _rendered(pool: ProcessPoolExecutor, todo: list[Document]) -> Iterator[tuple[object, "Future[bytes]"]]:
    for one in todo:
        yield one.id, pool.submit(render, document=one)


def _print(organisation: Organisation, document: Document) -> None:
    _keep(organisation, document, render(document=document))


def _keep(organisation: Organisation, document: Document, pdf: bytes) -> None:
    write(organisation, lambda act: documents.keep_print(document=document.id, pdf=pdf, at=act.at))
