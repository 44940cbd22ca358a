"""Values every room speaks in. Pure Python: no Django, no clock read but in `clock.now`, no database."""
