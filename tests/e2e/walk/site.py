"""An empty site on loopback as ``make production`` leaves it: migrated, starter pages, one administrator."""

import contextlib
import io
import os
import threading

#: Of a site that lives for minutes.
PASSWORD = "dua belas kata yang panjang"


def choose_settings(folder: str) -> None:
    """Let this process be a site of its own below ``folder``; called before anything of Django is loaded."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.dev",
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "DEBUG": "0",
        # The browser's driver runs an event loop in the thread that also asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


@contextlib.contextmanager
def running_site():
    """Serve the empty site; yields its address."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.test.utils import override_settings

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    call_command("migrate", interactive=False, verbosity=0)
    call_command("starter_pages", stdout=io.StringIO())
    call_command("createsuperuser", interactive=False, username="admin", email="admin@kecamatan.example", verbosity=0)
    with ThreadedWSGIServer(("127.0.0.1", 0), Quiet) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        mail = "django.core.mail.backends.dummy.EmailBackend"
        with override_settings(SITE_URL=address, WAGTAILADMIN_BASE_URL=address, EMAIL_BACKEND=mail):
            server.set_app(get_wsgi_application())
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield address
            server.shutdown()
