from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by a colleague at the desk; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
