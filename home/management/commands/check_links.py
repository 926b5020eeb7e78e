from django.core.management.base import BaseCommand, CommandError

from home.served.link_check import ask_all, find_broken_inside, find_links


class Command(BaseCommand):
    """Check the links of public pages and settings, out of the site and inside; exit with 1 where one is dead."""

    help = "Checks the links of the public pages, out of the site and inside."

    def handle(self, *args, **options):
        links, inside = find_links(), find_broken_inside()
        broken, moved = 0, 0
        for answer in ask_all(links):
            told = answer.problem or (f"dialihkan ke {answer.moved_to}" if answer.moved_to else "")
            broken += bool(answer.problem)
            moved += bool(answer.moved_to)
            if told:
                self.stdout.write(f"{answer.link.address}: {told}")
                for page in answer.link.pages:
                    self.stdout.write(f"    pada {page}")
        for link in inside:
            self.stdout.write(f"{link.address}: tidak dapat dibaca warga")
            for page in link.pages:
                self.stdout.write(f"    pada {page}")
        self.stdout.write(f"{len(links)} tautan diperiksa, {moved} dialihkan, {broken} tidak menjawab.")
        if broken or inside:
            raise CommandError("Perbaiki tautan di atas melalui editor.", returncode=1)
