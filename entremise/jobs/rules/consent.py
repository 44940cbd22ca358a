"""What a caller agrees to when they are written down for the first time."""

PURPOSE = "be_on_file"
WORDING = "appel-2026-11"  # Changes with the sentence that templates/desk/call.html asks to read aloud.
