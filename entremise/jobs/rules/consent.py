"""What people agree to: to be written down, when they first call; to be named, when they put up an offer."""

PURPOSE = "be_on_file"
WEB_WORDING = "internet-2026-11"  # Changes with the sentence of templates/site/ask_you.html.
WORDING = "appel-2026-11"  # Changes with the sentence that templates/desk/call.html asks to read aloud.

SHOW_NAME = "show_first_name"
SHOW_NAME_WORDING = "annonce-2026-11"  # Changes with the sentence of the offer's form.
