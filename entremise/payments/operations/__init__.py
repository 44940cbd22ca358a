"""Accounts and mandates, files to the bank and from it, and what became of their lines."""

from entremise.payments.operations.files import (
    DebitPayment,
    WagePayment,
    import_notice,
    import_statement,
    import_status,
    make_debits_file,
    make_wages_file,
    mark_line,
    note_doubt,
    set_bank_account,
)
from entremise.payments.operations.mandates import (
    give_mandate,
    lapse_mandates,
    resume_mandate,
    revoke_mandate,
    suspend_mandate,
)

__all__ = [
    "DebitPayment",
    "WagePayment",
    "give_mandate",
    "import_notice",
    "import_statement",
    "import_status",
    "lapse_mandates",
    "make_debits_file",
    "make_wages_file",
    "mark_line",
    "note_doubt",
    "resume_mandate",
    "revoke_mandate",
    "set_bank_account",
    "suspend_mandate",
]
