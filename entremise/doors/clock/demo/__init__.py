"""The example organisation: a year of a small association in an invented town, replayed through the rooms."""
