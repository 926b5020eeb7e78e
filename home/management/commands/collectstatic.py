"""Django's command, which then notes the files of the program anew: it is the last step of each installation."""

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic

from home.watch import manifest


class Command(collectstatic.Command):
    """Collect the static files, then renew the manifest where the site is watched."""

    def handle(self, **options):
        told = super().handle(**options)
        if settings.WATCH_SITE and not options["dry_run"]:
            self.stdout.write(f"{manifest.renew()} berkas program dicatat.")
        return told
