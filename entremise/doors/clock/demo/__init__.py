"""The example organisation: a year of a small association in an invented town, replayed through the rooms."""

SLUG = "pas-de-porte"
# Of the example's staff; printed at every start, worth nothing without the second factor.
PASSWORD = "valmarelle-demo-2026"
STAFF = (("solene", "coordination"), ("awa", "accompagnement"), ("helene", "trésorerie et direction"))
