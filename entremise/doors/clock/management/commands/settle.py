from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from entremise.doors.clock import previews
from entremise.doors.clock.organisations import the_one
from entremise.doors.clock.settling import work_through
from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.frame.templatetags.entremise import hours, money
from entremise.doors.frame.words import sentence
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period, parse_month
from entremise.settlement import operations as settlement
from entremise.settlement import queries
from entremise.settlement.models import Item, Run
from entremise.tenancy.models import Organisation


def month(text: str) -> Period:
    try:
        return parse_month(text)
    except ValueError as error:
        raise ArgumentTypeError("un mois s’écrit 2026-10") from error


class Command(BaseCommand):
    help = "Makes the invoices and payslips of a month. Killed and started again, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="the only one there is, unless given")
        parser.add_argument("--month", required=True, type=month, metavar="2026-10")
        parser.add_argument("--dry-run", action="store_true", help="show what would be made, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = the_one(options["organisation"])
        if options["dry_run"]:
            self._preview(read(organisation, lambda: queries.preview(month=options["month"])))
            return
        watch = Watch()
        watch.listen_for_the_end()
        try:
            run = write(organisation, lambda act: settlement.open_run(act=act, month=options["month"]))
        except Refused as refused:
            raise CommandError(sentence(refused)) from refused
        waiting = len(read(organisation, lambda: queries.items_to_do(run=run.id)))
        with tqdm(total=waiting, unit=" documents", leave=False, disable=None) as bar:

            def count(item: Item) -> None:
                bar.update()

            run = work_through(watch, organisation, run, progress=count)
        self._report(organisation, run, options["month"])

    def _preview(self, found: queries.Preview) -> None:
        rows = [
            ("facture", one.client.full_name, hours(one.claim.minutes), money(one.claim.total))
            for one in found.invoices
        ]
        for slip in found.payslips:
            amount = money(slip.pay.net_payable) if slip.pay else "?"
            rows.append(("bulletin", slip.worker.full_name, hours(slip.claim.minutes), amount))
        previews.table(self.stdout, ("document", "pour", "heures", "montant"), rows)
        sums = f"{len(found.invoices)} factures, {money(found.invoiced)} ; {len(found.payslips)} bulletins"
        self.stdout.write(f"{sums}, {money(found.net)} nets, {money(found.cost)} de coût")
        for problem in found.problems:
            about = problem.person.full_name if problem.person else problem.detail
            self.stdout.write(f"à voir : {previews.problem(problem.code)} ({about})")

    def _report(self, organisation: Organisation, run: Run, month: Period) -> None:
        made = read(organisation, lambda: queries.month_summary(month=month))
        progress = read(organisation, lambda: queries.run_progress(run=run.id))
        self.stdout.write(
            f"{made.invoices} factures, {money(made.invoiced)} ; {made.payslips} bulletins, {money(made.net)} nets"
        )
        for item in read(organisation, lambda: list(run.items.filter(state="blocked").select_related("person"))):
            self.stdout.write(f"bloqué : {item.person.full_name} : {previews.problem(item.reason)}")
        left = progress.total - progress.done
        if left:
            raise CommandError(f"{left} documents restent à faire ; relancez la commande.", returncode=1)
