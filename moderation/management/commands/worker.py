"""Run the worker: mails, scheduled publications, and whatever other apps registered."""

import signal
import threading

from django.core.management.base import BaseCommand

from moderation.ports import jobs


class Command(BaseCommand):
    help = "Jalankan pekerja: surel, penayangan terjadwal, pengiriman ke kanal."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Satu putaran saja.")

    def handle(self, *args, **options):
        if options["once"]:
            self.stdout.write(f"{jobs.run_once()} dikerjakan.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Pekerja berjalan.")
        # Flush, so that a log shows the line at once.
        self.stdout.flush()
        jobs.run_until(stop)
        self.stdout.write("Pekerja berhenti.")
