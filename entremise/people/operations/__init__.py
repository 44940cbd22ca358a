"""What may be done with people: add and change them, what they hold and showed, ways in, imports."""

from entremise.people.operations.entry import (
    Entrance,
    end_visits,
    enter,
    make_entry_code,
    make_letter_link,
    print_card,
)
from entremise.people.operations.exports import export_list
from entremise.people.operations.imports import Extra, PeopleImport, import_people
from entremise.people.operations.persons import (
    Changes,
    add_contact,
    add_person,
    change_person,
    form_household,
    locate,
    remove_contact,
    resume_texts,
    stop_texts,
)
from entremise.people.operations.places import import_places, load_places
from entremise.people.operations.programs import (
    begin_attempt,
    forget_answers,
    keep_answer,
    make_program_key,
    note_program_use,
    revoke_program_key,
)
from entremise.people.operations.standing import (
    end_role,
    give_account,
    give_role,
    record_consent,
    renew_account,
    show_paper,
)
from entremise.people.operations.steps import hide_first_steps
from entremise.people.operations.suppliers import describe_supplier
from entremise.people.operations.visitors import add_visitor, prove_contacts, recognise

__all__ = [
    "Changes",
    "Entrance",
    "Extra",
    "PeopleImport",
    "add_contact",
    "add_person",
    "add_visitor",
    "begin_attempt",
    "change_person",
    "describe_supplier",
    "end_role",
    "end_visits",
    "enter",
    "export_list",
    "forget_answers",
    "form_household",
    "give_account",
    "give_role",
    "hide_first_steps",
    "import_people",
    "import_places",
    "keep_answer",
    "load_places",
    "locate",
    "make_entry_code",
    "make_letter_link",
    "make_program_key",
    "note_program_use",
    "print_card",
    "prove_contacts",
    "recognise",
    "record_consent",
    "remove_contact",
    "renew_account",
    "resume_texts",
    "revoke_program_key",
    "show_paper",
    "stop_texts",
]
