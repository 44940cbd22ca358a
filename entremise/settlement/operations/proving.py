from collections.abc import Sequence

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.ledger.models import Proof
from entremise.ledger.rules import Problem
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.tenancy.queries import here


def note_proof(*, act: Act, transfers: int, facts: int, found: Sequence[Problem]) -> Proof:
    """Write down what a proof found. The first that found something stops payouts, the first after it that found
    nothing lets them go: each turn is a fact, and a task for whoever keeps the books.

    transfers, facts: how many rows were looked at.
    """
    require(act, Verb.BOOKS_PROVE)
    stopped = ledger_queries.payouts_stopped() is not None
    proof = ledger.note_proof(at=act.at, transfers=transfers, facts=facts, found=found)
    if stopped != bool(found):
        record(act=act, type="payouts_stopped" if found else "payouts_resumed", thing="proof", thing_id=proof.id)
        books, kind = here().id, "books_wrong" if found else "books_right"
        messaging.finish_tasks_about(act=act, about_id=books, outcome="done")
        messaging.add_task(act=act, kind=kind, key=f"books:{proof.id}", about="books", about_id=books)
    return proof
