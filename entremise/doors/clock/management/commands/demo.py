import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef

from config import demo
from entremise.doors.clock.demo import PASSWORD, SLUG, STAFF
from entremise.jobs.models import Mission
from entremise.kernel.act import THE_CLOCK, Act, Door, Role
from entremise.kernel.clock import now
from entremise.market.models import Proposal
from entremise.people import operations as people
from entremise.people.models import Account, Membership, Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation


class Command(BaseCommand):
    help = "A living example organisation: made once, then started. Never touches another database."
    requires_system_checks = ()  # Half of the time until it answers; the tests run them.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--serve", action="store_true", help="start web and clock after it is made")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=int, default=1, help="how many times the usual size, for benchmarks")
        parser.add_argument("--code", metavar="LOGIN", help="print the present second factor of one of the staff")

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.DATABASE.exists():
            self._make(options["scale"])
        if options["code"]:
            self.stdout.write(current_code(options["code"]))
            return
        self._print_ways_in(options["port"])
        if options["serve"]:
            self._serve(options["port"])

    def _make(self, scale: int) -> None:
        for leftover in demo.FOLDER.glob(f"{demo.MAKING.name}*"):
            leftover.unlink()
        filling = [sys.executable, "-m", "config", "make-demo", "--scale", str(scale)]
        if subprocess.run(filling, check=False).returncode:
            raise CommandError("The example could not be made; nothing was kept.")
        demo.MAKING.replace(demo.DATABASE)

    def _print_ways_in(self, port: int) -> None:
        address = f"http://localhost:{port}"
        lines = [f"\n  {address}/   Le Pas de Porte, association intermédiaire, Valmarelle\n", "  Bureau :"]
        for login, role in STAFF:
            line = f"    {role:<26} {login:<8} {PASSWORD}   code : {current_code(login)}"
            lines.append(line)
        lines.append(f"    {'':<26} (un code vit 30 s ; le suivant : .venv/bin/entremise demo --code solene)")
        lines.append(f"    {address}/bureau/\n")
        for role, words in ((Role.WORKER, "Personne salariée"), (Role.CLIENT, "Client")):
            name, link = self._link(role)
            lines.append(f"  {words} ({name}), lien à usage unique :\n    {address}{link}")
        lines.append("\n  SMS envoyés et reçus : var/demo/sms/   Arrêter : Ctrl-C\n")
        self.stdout.write("\n".join(lines))

    def _link(self, role: Role) -> tuple[str, str]:
        organisation = Organisation.objects.get(slug=SLUG)
        with scope.writing(organisation.id):
            person = _busy(role)
            act = Act(by=THE_CLOCK, at=now(), door=Door.CLOCK)
            _, token = people.make_entry_code(
                act=act,
                person=person,
                kind="link",
                lasting=timedelta(days=7),
                secret_key=settings.SECRET_KEY,
                leads_to="/moi/",
            )
        return person.full_name, f"/l/{token}"

    def _serve(self, port: int) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        granian = shutil.which("granian", path=os.path.dirname(sys.executable)) or "granian"
        web = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
        web += ["--workers-kill-timeout", "3"]  # A worker that Ctrl-C reached first may wait for ever.
        children = [
            subprocess.Popen([*web, "--no-ws", "--log-level", "warning", "config.wsgi:application"]),
            subprocess.Popen([sys.executable, "-m", "config", "clock"]),
        ]
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while all(child.poll() is None for child in children):
                time.sleep(0.3)
        except KeyboardInterrupt:
            self.stdout.write("\n  À bientôt.")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _busy(role: Role) -> Person:
    """Somebody of this role for whom there is something to see: a mission to come, and for a worker an offer too."""
    who = OuterRef("person")
    coming = Mission.objects.filter(state__in=["agreed", "ready"], starts_at__gt=now())
    offers = Proposal.objects.filter(state="offered", person=who)
    rows = Membership.objects.select_related("person").filter(role=role.value, person__kind="individual")
    theirs = Exists(coming.filter(worker=who) if role is Role.WORKER else coming.filter(client=who))
    found = rows.annotate(busy=theirs, asked=Exists(offers)).order_by("-busy", "-asked", "id").first()
    if found is None:
        raise CommandError(f"The example has no {role.value}.")
    return found.person


def current_code(login: str) -> str:
    """The six digits that an authenticator would show now."""
    account = Account.objects.get(login=login)
    secret = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP).data["secret"]
    value = totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
    return totp.format_hotp_value(value)
