"""The link in a letter: made when the letter is carried, so that its secret lies in no row that staff may read."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from entremise.doors.clock.watch import write
from entremise.doors.frame.addresses import home_of
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.messaging.rules import WAY_IN
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy.models import Organisation

LASTS = timedelta(days=7)
WITH_A_LINK = (Letter.Channel.TEXT, Letter.Channel.EMAIL)
ABOUT_THEIR_THING = frozenset({"sign_client", "sign_worker"})  # Their page is named by what the letter is about.
PAGES = {
    "alert": "site:searches",
    "proposal": "site:me",
    "quote_asked": "site:me",
    "quote_ready": "site:visits",
    "sign_client": "site:agreement",
    "sign_worker": "site:agreement",
    "mission_ready": "site:hours",
    "offer_opened": "site:my_offers",
    "confirm_hours": "site:visits",
    "hours_presumed": "site:visits",
    "feedback_asked": "site:feedback",
    "feedback_open": "site:feedback",
    "invoice_ready": "site:invoices",
    "supplier_invoice_ready": "site:invoices",
    "supplier_month": "site:business",
    "debit_announced": "site:invoices",
    "deposit_asked": "site:invoices",
    "means_link": "site:means",
    "charge_told": "site:means",
    "charge_failed": "site:invoices",
    "plan_agreed": "site:invoices",
    "instalment_coming": "site:invoices",
    "instalment_missed": "site:invoices",
    "share_refused": "site:invoices",
    "reminder_friendly": "site:invoices",
    "reminder_plain": "site:invoices",
    "reminder_firm": "site:invoices",
    "payslip_ready": "site:pay",
    "tip_given": "site:pay",
    "help_answered": "site:help_asked",
    "price_news": "site:my_price",
    "tender_wanted": "site:tenders",
    "vote_open": "site:needs",
    "brief_chosen": "site:needs",
    "brief_given_up": "site:needs",
}


def body_of(organisation: Organisation, letter: Letter) -> str:
    """What the letter says, with the reader's own way in. On paper, which others may open, only the address."""
    if WAY_IN not in letter.body:
        return letter.body
    home, reader = home_of(organisation), letter.person
    with translation.override(reader.language if reader else organisation.language):
        if reader is None or letter.channel not in WITH_A_LINK:
            return letter.body.replace(WAY_IN, home + reverse("site:me"))
        token = write(organisation, lambda act: _token(act, letter, reader))
        return letter.body.replace(WAY_IN, home + reverse("site:link", args=[token]))


def _token(act: Act, letter: Letter, reader: Person) -> str:
    args = [letter.about_id] if letter.template in ABOUT_THEIR_THING else []
    return people.make_letter_link(
        act=act,
        person=reader,
        letter=letter.id,
        lasting=LASTS,
        secret_key=settings.SECRET_KEY,
        leads_to=reverse(PAGES[letter.template], args=args),
    )
