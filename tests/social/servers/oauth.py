"""Consent screens on loopback: OAuth 1.0a and OAuth 2 with PKCE, checked by oauthlib's server side."""

import base64
import json
import string
from urllib.parse import urlsplit

from oauthlib import oauth1, oauth2

from . import MastodonServer, XServer
from .base import read_form

CALLBACKS = ("http://127.0.0.1:8000/admin/kanal/kembali/",)


class _OAuth1Validator(oauth1.RequestValidator):
    """Knows one application, and accepts each request token, verifier and nonce once."""

    enforce_ssl = False
    client_key_length = request_token_length = access_token_length = verifier_length = nonce_length = (8, 100)
    safe_characters = frozenset(string.ascii_letters + string.digits + "-")
    dummy_client = dummy_request_token = dummy_access_token = "dummy-dummy"

    def __init__(self, network):
        super().__init__()
        self.network, self.app = network, network.credentials
        self.nonces, self.pending = set(), {}

    def validate_client_key(self, client_key, request):
        return client_key == self.app["client_key"]

    def get_client_secret(self, client_key, request):
        return self.app["client_secret"]

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri in CALLBACKS

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, **tokens):
        fresh = nonce not in self.nonces
        self.nonces.add(nonce)
        return fresh

    def save_request_token(self, token, request):
        self.pending[token["oauth_token"]] = {**token, "callback": request.redirect_uri, "verifier": ""}

    def verify_request_token(self, token, request):
        return token in self.pending

    def verify_realms(self, token, realms, request):
        return True

    def save_verifier(self, token, verifier, request):
        self.pending[token]["verifier"] = verifier["oauth_verifier"]

    def get_redirect_uri(self, token, request):
        return self.pending[token]["callback"]

    def validate_request_token(self, client_key, token, request):
        return token in self.pending

    def get_request_token_secret(self, client_key, token, request):
        return self.pending.get(token, {}).get("oauth_token_secret", "dummy")

    def validate_verifier(self, client_key, token, verifier, request):
        return bool(verifier) and self.pending[token]["verifier"] == verifier

    def invalidate_request_token(self, client_key, request_token, request):
        del self.pending[request_token]

    def save_access_token(self, token, request):
        self.app["access_token"] = token["oauth_token"]
        self.app["access_token_secret"] = token["oauth_token_secret"]


class _OAuth2Validator(oauth2.RequestValidator):
    """Knows the applications of ``apps``; revokes all tokens when a refresh token is used twice."""

    def __init__(self, network, apps, scopes):
        super().__init__()
        self.network, self.apps, self.scopes = network, apps, scopes
        self.codes, self.refresh_tokens, self.used = {}, set(), set()
        self.refreshes = 0

    def validate_client_id(self, client_id, request):
        return client_id in self.apps

    def validate_redirect_uri(self, client_id, redirect_uri, request):
        return redirect_uri in CALLBACKS

    def validate_response_type(self, client_id, response_type, client, request):
        return response_type == "code"

    def validate_scopes(self, client_id, scopes, client, request):
        return set(scopes) <= set(self.scopes)

    def is_pkce_required(self, client_id, request):
        return True

    def save_authorization_code(self, client_id, code, request):
        self.codes[code["code"]] = (client_id, request)

    def client_authentication_required(self, request):
        return True

    def authenticate_client(self, request):
        client_id, client_secret = request.client_id, request.client_secret
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            client_id, _colon, client_secret = base64.b64decode(header[6:]).decode().partition(":")
        request.client = type("Client", (), {"client_id": client_id})
        return self.apps.get(client_id) == client_secret

    def validate_code(self, client_id, code, client, request):
        owner, asked = self.codes.get(code, (None, None))
        request.scopes = asked.scopes if asked else []
        return owner == client_id

    def get_code_challenge(self, code, request):
        return self.codes[code][1].code_challenge

    def get_code_challenge_method(self, code, request):
        return self.codes[code][1].code_challenge_method

    def confirm_redirect_uri(self, client_id, code, redirect_uri, client, request):
        return self.codes[code][1].redirect_uri == redirect_uri

    def validate_grant_type(self, client_id, grant_type, client, request):
        return grant_type in ("authorization_code", "refresh_token")

    def invalidate_authorization_code(self, client_id, code, request):
        del self.codes[code]

    def save_bearer_token(self, token, request):
        if token.get("refresh_token"):
            self.refresh_tokens.add(token["refresh_token"])
        self.network.accept_bearer(token["access_token"])

    def validate_refresh_token(self, refresh_token, client, request):
        self.refreshes += 1
        if refresh_token in self.used:
            self.refresh_tokens.clear()
            self.network.accept_bearer("")
            return False
        if refresh_token not in self.refresh_tokens:
            return False
        self.used.add(refresh_token)
        self.refresh_tokens.discard(refresh_token)
        return True

    def get_original_scopes(self, refresh_token, request):
        return list(self.scopes)

    def rotate_refresh_token(self, request):
        return True


class _OAuth2Mixin:
    """The endpoints of OAuth 2; ``consent`` acts as the person at the screen."""

    def set_up(self, apps, scopes, *, refreshes, expires_in):
        self.oauth2 = _OAuth2Validator(self, apps, scopes)
        self._oauth2 = oauth2.WebApplicationServer(self.oauth2, token_expires_in=lambda request: expires_in)
        if not refreshes:
            self._oauth2.auth_grant.refresh_token = False

    def answer_token(self, request, body):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if "Authorization" in request.headers:
            headers["Authorization"] = request.headers["Authorization"]
        _headers, text, status = self._oauth2.create_token_response(
            self.url + request.path, "POST", body.decode(), headers
        )
        return status, json.loads(text)

    def consent_oauth2(self, address, agrees=True):
        """Return the URL of the network's redirect."""
        uri = f"{self.url}{urlsplit(address).path}?{urlsplit(address).query}"
        scopes, credentials = self._oauth2.validate_authorization_request(uri)
        if not agrees:
            return f"{credentials['redirect_uri']}?error=access_denied&state={credentials['state']}"
        headers, _body, _status = self._oauth2.create_authorization_response(
            uri, scopes=scopes, credentials=credentials
        )
        return headers["Location"]


class ConsentX(_OAuth2Mixin, XServer):
    """X with both of its consent screens."""

    def __init__(self):
        super().__init__()
        self.client = {"client_id": "oauth2-client-id", "client_id_secret": "oauth2-client-secret"}
        self._oauth1 = oauth1.WebApplicationServer(validator := _OAuth1Validator(self))
        self.oauth1 = validator
        scopes = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
        apps = {self.client["client_id"]: self.client["client_id_secret"]}
        self.set_up(apps, scopes, refreshes=True, expires_in=7200)

    def accept_bearer(self, token):
        self.bearer = token

    def publishes(self, method, path):
        return super().publishes(method, path) and not path.startswith(("/oauth", "/2/oauth2"))

    def create(self, request, body):
        if request.path == "/2/oauth2/token":
            return self.answer_token(request, body)
        endpoints = {
            "/oauth/request_token": self._oauth1.create_request_token_response,
            "/oauth/access_token": self._oauth1.create_access_token_response,
        }
        if request.path in endpoints:
            headers = {"Authorization": request.headers.get("Authorization", "")}
            _headers, text, status = endpoints[request.path](self.url + request.path, "POST", "", headers)
            if request.path.endswith("access_token") and status == 200:
                text += f"&user_id={self.user_id}&screen_name=kecamatan"
            return status, text or ""
        return super().create(request, body)

    def consent_oauth1(self, address, agrees=True):
        """Return the URL of the network's redirect."""
        uri = f"{self.url}{urlsplit(address).path}?{urlsplit(address).query}"
        _realms, credentials = self._oauth1.get_realms_and_credentials(uri)
        if not agrees:
            return f"{CALLBACKS[0]}?denied={credentials['resource_owner_key']}"
        headers, _body, _status = self._oauth1.create_authorization_response(uri)
        return headers["Location"]


class ConsentMastodon(_OAuth2Mixin, MastodonServer):
    """A Mastodon server at which anybody registers an application."""

    def __init__(self):
        super().__init__()
        self.apps = {}
        scopes = ("read", "write", "read:accounts", "read:statuses", "write:media", "write:statuses", "profile")
        self.set_up(self.apps, scopes, refreshes=False, expires_in=None)

    def accept_bearer(self, token):
        self.token = token

    def publishes(self, method, path):
        return super().publishes(method, path) and path not in ("/api/v1/apps", "/oauth/token")

    def create(self, request, body):
        if request.path == "/api/v1/apps":
            form = read_form(request, body)
            if form["redirect_uris"] not in CALLBACKS:
                return 422, {"error": "Validation failed"}
            number = f"app-{len(self.apps) + 1}"
            self.apps[number] = f"registered-secret-{number}"
            return 200, {"client_id": number, "client_secret": self.apps[number], "name": form["client_name"]}
        if request.path == "/oauth/token":
            return self.answer_token(request, body)
        return super().create(request, body)
