"""``manage.py nginx_conf``: print nginx's configuration as the settings have it, or write it."""

from django.conf import settings
from django.core.management.base import BaseCommand

from home.serving import front_server


class Command(BaseCommand):
    """Print the configuration; ``--write`` puts it where it differs."""

    help = "Renders nginx's configuration from the settings."
    # An installed file that differs is what this command mends.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--shared", action="store_true", help="print what several offices need once")
        parser.add_argument("--write", action="store_true", help="write it to the file that NGINX_CONF names")

    def handle(self, *args, **options):
        if options["shared"]:
            self.stdout.write(front_server.render_shared(), ending="")
        elif not options["write"]:
            self.stdout.write(front_server.render(), ending="")
        elif settings.NGINX_CONF.is_file() and not front_server.find_drift():
            self.stdout.write(f"{settings.NGINX_CONF} is as the settings have it.")
        else:
            settings.NGINX_CONF.write_text(front_server.render())
            self.stdout.write(f"{settings.NGINX_CONF} was written.")
