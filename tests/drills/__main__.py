import sys
from importlib import import_module

import django
from django.db import connection

django.setup()
# Models can only be imported once Django stands.
Organisation = import_module("entremise.tenancy.models").Organisation
PROOFS = import_module("tests.drills.proofs").PROOFS
SLUG = import_module("tests.drills.scenario").SLUG
STEPS = import_module("tests.drills.steps").STEPS

sys.stdout.write("ready\n")  # From here on it may be killed.
sys.stdout.flush()
step = sys.argv[1]
if step in STEPS:
    STEPS[step]()
else:
    PROOFS[step](Organisation.objects.get(slug=SLUG))
connection.close()  # SQLite then writes its log back into the file, which is copied.
