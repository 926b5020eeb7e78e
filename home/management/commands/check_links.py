from django.core.management.base import BaseCommand, CommandError

from home.links import ask_all, find_links


class Command(BaseCommand):
    """Asks every address outside the site that a public page leads to; ends with 1 where one does not answer."""

    help = "Checks the links of the public pages that lead out of the site."

    def handle(self, *args, **options):
        links = find_links()
        broken = 0
        for answer in ask_all(links):
            if answer.problem:
                broken += 1
                self.stdout.write(f"{answer.link.address}: {answer.problem}")
                for page in answer.link.pages:
                    self.stdout.write(f"    pada {page}")
        self.stdout.write(f"{len(links)} tautan diperiksa, {broken} tidak menjawab.")
        if broken:
            raise CommandError("Perbaiki tautan di atas melalui editor.", returncode=1)
