"""A real OAuth 2 provider in its own process: django-oauth-toolkit, at the paths of Mastodon and X.

The library implements codes with PKCE, rotating refresh tokens and their reuse detection; this
module adds some resources behind its scopes and a logged-in person. As a program it prints its
port; its argument is a folder for its database.
"""

import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent
SCOPES = (
    "read:accounts read:statuses write:media write:statuses "
    "tweet.read tweet.write users.read media.write offline.access"
)


class OAuthProvider:
    """Context manager of the provider: ``url`` is its address, ``log`` its requests."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mojogedang-provider-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.social.servers.oauth_provider", self._folder.name],
            stdout=subprocess.PIPE,
            text=True,
            cwd=BASE_DIR,
        )
        port = self._process.stdout.readline().strip()
        assert port.isdecimal(), "the provider did not start"
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    @property
    def log(self) -> list[str]:
        """Return the requests to the provider, in order."""
        return Path(self._folder.name, "log").read_text().splitlines()


def configure(folder: str) -> None:
    """Configure a separate Django without the office's site."""
    import django
    from django.conf import settings

    settings.configure(
        DEBUG=False,
        SECRET_KEY=secrets.token_hex(32),
        ALLOWED_HOSTS=["127.0.0.1"],
        # The library hashes each application's secret as a password.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"{folder}/provider.sqlite3",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            f"{__name__}.log_in_the_office",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        OAUTH2_PROVIDER={
            "SCOPES": {scope: scope for scope in SCOPES.split()},
            "PKCE_REQUIRED": True,
            "ACCESS_TOKEN_EXPIRE_SECONDS": 7200,
            "ROTATE_REFRESH_TOKEN": True,
            "REFRESH_TOKEN_REUSE_PROTECTION": True,
        },
        LOG_FILE=f"{folder}/log",
    )
    django.setup()


def log_in_the_office(get_response):
    """Log every visitor of the consent screen in as the office's account."""

    def middleware(request):
        from django.conf import settings
        from django.contrib.auth import get_user_model

        with Path(settings.LOG_FILE).open("a") as log:
            grant = request.POST.get("grant_type", "")
            log.write(f"{request.method} {request.path} {grant}".rstrip() + "\n")
        request.user = get_user_model().objects.get(username="kecamatan")
        return get_response(request)

    return middleware


def get_urls():
    """Return the URLs: the library's views at the networks' paths, and some resources."""
    from django.http import JsonResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt
    from oauth2_provider import views
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_backends import get_oauthlib_core

    def behind(scope, answer):
        """Check the token with the library; refuse as the networks do, with 401 and JSON."""

        def view(request):
            valid, found = get_oauthlib_core().verify_request(request, scopes=[scope])
            if not valid:
                return JsonResponse({"error": "The access token is invalid", "title": "Unauthorized"}, status=401)
            request.resource_owner = found.user
            return answer(request)

        return csrf_exempt(view)

    def register(request):
        order, secret = json.loads(request.body), secrets.token_urlsafe(32)
        application = Application.objects.create(
            name=order["client_name"],
            redirect_uris=order["redirect_uris"],
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            client_secret=secret,
        )
        return JsonResponse({"client_id": application.client_id, "client_secret": secret})

    def mastodon_me(request):
        return JsonResponse({"id": "7", "username": request.resource_owner.username})

    def x_me(request):
        return JsonResponse({"data": {"id": "1490001", "username": request.resource_owner.username}})

    def tweet(request):
        return JsonResponse({"data": {"id": "1", "text": json.loads(request.body)["text"]}}, status=201)

    return [
        path("oauth/authorize", views.AuthorizationView.as_view()),
        path("oauth/token", views.TokenView.as_view()),
        path("oauth/revoke", views.RevokeTokenView.as_view()),
        path("api/v1/apps", csrf_exempt(register)),
        path("api/v1/accounts/verify_credentials", behind("read:accounts", mastodon_me)),
        path("i/oauth2/authorize", views.AuthorizationView.as_view()),
        path("2/oauth2/token", views.TokenView.as_view()),
        path("2/users/me", behind("users.read", x_me)),
        path("2/tweets", behind("tweet.write", tweet)),
    ]


def main(folder: str) -> None:
    """Migrate, then serve until killed."""
    configure(folder)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application

    global urlpatterns
    urlpatterns = get_urls()
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("kecamatan")
    Path(folder, "log").touch()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(get_wsgi_application())
    print(server.server_port, flush=True)
    server.serve_forever()


class QuietHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *args):
        return


if __name__ == "__main__":
    # Django imports the URLconf by the module's name.
    from . import oauth_provider

    oauth_provider.main(sys.argv[1])
