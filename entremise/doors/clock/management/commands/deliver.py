from typing import Any

from entremise.doors.clock.letters import deliver
from entremise.doors.clock.organisations import ForEach
from entremise.doors.clock.watch import Watch


class Command(ForEach):
    help = "Hands the letters that are due to their carriers, once."

    def handle(self, *args: Any, **options: Any) -> None:
        watch = Watch()
        watch.listen_for_the_end()
        for organisation in self.chosen(options):
            self.stdout.write(f"{organisation.slug} : {deliver(watch, organisation)} courriers partis")
