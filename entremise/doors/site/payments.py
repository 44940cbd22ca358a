"""On the way to a provider's page, and back from it."""

from django.http import HttpResponse
from django.shortcuts import render

from entremise.doors.frame.visit import Inside
from entremise.payments.models import Intent

WAIT = 2  # Seconds between two looks at a payment that we wait for.


def lead_on(request: Inside, template: str, context: dict[str, object], *, intent: Intent, page: str) -> HttpResponse:
    """The page of a payment, which leads to the provider's as soon as that is open, and waits until something is known.

    page: the provider's, empty while there is none.
    """
    asked = intent.state == "asked"
    answer = render(request, template, {**context, "intent": intent, "page": page if asked else ""})
    if asked and page and "retour" not in request.GET:
        answer["Refresh"] = f"0; url={page}"  # No redirect: a form may lead to no other house.
    elif asked:
        answer["Refresh"] = str(WAIT)  # Without a script as with one.
    return answer
