from django.core.management.base import BaseCommand, CommandError

from home.link_check import ask_all, find_links


class Command(BaseCommand):
    """Check the external links of public pages and settings; exit with 1 where one does not answer."""

    help = "Checks the links of the public pages that lead out of the site."

    def handle(self, *args, **options):
        links = find_links()
        broken, moved = 0, 0
        for answer in ask_all(links):
            told = answer.problem or (f"dialihkan ke {answer.moved_to}" if answer.moved_to else "")
            broken += bool(answer.problem)
            moved += bool(answer.moved_to)
            if told:
                self.stdout.write(f"{answer.link.address}: {told}")
                for page in answer.link.pages:
                    self.stdout.write(f"    pada {page}")
        self.stdout.write(f"{len(links)} tautan diperiksa, {moved} dialihkan, {broken} tidak menjawab.")
        if broken:
            raise CommandError("Perbaiki tautan di atas melalui editor.", returncode=1)
