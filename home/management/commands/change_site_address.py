"""``manage.py change_site_address``: give a published site the address of SITE_URL, on an order with its reason."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from home.serving import site_address
from moderation.ports.exceptions import StepRefused


class Command(BaseCommand):
    """Change the address of the site; written into the audit log and told by mail."""

    help = "Gives the published site the address of SITE_URL. The former name must stay in ALLOWED_HOSTS."

    def add_arguments(self, parser):
        parser.add_argument("--by", required=True, help="account of the PPID Pembantu or Sekretaris who ordered it")
        parser.add_argument("--reason", required=True, help="why, for the audit log")

    def handle(self, *args, **options):
        user = get_user_model().objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"Akun “{options['by']}” tidak ada atau ditutup.")
        try:
            site = site_address.change(user, options["reason"])
        except StepRefused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Situs kini beralamat {site.root_url}.")
