import os
import sys

from django.core.management import execute_from_command_line

from config import demo


def main() -> None:
    """The `entremise` command. The example has a database of its own, whatever the environment says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] in (["demo"], ["make-demo"]):
        demo.prepare(os.environ, sys.argv[1], sys.argv[2:])
    execute_from_command_line(sys.argv)
