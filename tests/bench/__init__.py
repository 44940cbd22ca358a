"""Measures, each beside its limit in the same run: one JSON line each. Machines are noisy: read the ratio.

The database is the one of ENTREMISE_DATABASE_URL (throw-away!), else a temporary SQLite file.
"""
