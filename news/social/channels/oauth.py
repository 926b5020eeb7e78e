"""Connecting an account by the network's own consent screen: what an adapter declares, and the exchange.

An adapter says where its endpoints are and which scopes it needs, as ``oauth = OAuth2Flow(…)`` (or
a tuple of flows, the recommended one first). Addresses are templates over the account's settings
and the flow's ``defaults``: ``"{base_url}/oauth/token"``. Nothing here keeps anything: what has to
last from the first step to the second is returned, and the caller stores it encrypted.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from oauthlib.common import urldecode
from oauthlib.oauth2 import WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth1Session, OAuth2Session

from .errors import AuthDead, NotSent, Rejected, Unknown
from .http.transport import Answer, http, prepare

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """What consent or a refresh gave; the names are those of the adapter's constructor."""

    credentials: Values = field(default_factory=dict, repr=False)
    settings: Values = field(default_factory=dict)
    account_name: str = ""
    #: The network's own, lasting name of the account: reconnecting must not change it.
    account_id: str = ""
    scopes: tuple[str, ...] = ()
    #: From then on a person has to connect again; None where that is never, or where a refresh prevents it.
    expires_at: datetime | None = None
    data_expires_at: datetime | None = None
    #: From then on the worker asks ``Channel.refresh()`` for a new grant; None where nothing is refreshed.
    refresh_at: datetime | None = None


@dataclass(frozen=True)
class Token:
    """The answer of a token endpoint; ``answer`` is all of it."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    answer: Values = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Started:
    """The address of the consent screen, the state that must come back, and what the second step needs."""

    address: str = field(repr=False)
    state: str = field(repr=False)
    secret: dict[str, str] = field(repr=False)


#: What an adapter makes of a token: (settings, credentials, token) → the accounts or Pages to choose from.
Complete = Callable[[Values, Values, Token], list[Grant]]


@dataclass(frozen=True, kw_only=True)
class OAuthFlow:
    """What every way through a consent screen has."""

    #: Part of an address and of the audit log: "oauth1", "oauth2".
    code: ClassVar[str]
    #: On the button: "Hubungkan lewat layar persetujuan X".
    label: str
    #: Settings that the templates need and no person types.
    defaults: Values = field(default_factory=dict)
    #: The names in ``credentials_fields`` of the office's own application at the network. They are asked
    #: for before the consent screen, unless ``registration_url`` gets them from the server.
    app_fields: tuple[str, ...] = ()
    #: The names in ``settings_fields`` that must be known before the consent screen (the server's address).
    needs: tuple[str, ...] = ()
    #: Makes the list to choose from; without it the token is the one account.
    complete: Complete | None = None

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Ask the network, where it has to be asked, and return the address of its consent screen."""
        raise NotImplementedError

    def finish(
        self, settings: Values, credentials: Values, callback: str, secret: Values, answer: Values
    ) -> list[Grant]:
        """Exchange what came back (``answer``: the query of the callback) for the accounts to choose from."""
        raise NotImplementedError

    def register(self, settings: Values, callback: str, name: str) -> dict[str, str]:
        """Return the credentials of an application made at this server; {} where a person makes it."""
        return {}

    def address(self, template: str, settings: Values) -> str:
        """Return the address that a template gives with these settings."""
        given = {name: value for name, value in settings.items() if value not in ("", None)}
        values = {**self.defaults, **given}
        return template.format_map({name: str(value).rstrip("/") for name, value in values.items()})


@dataclass(frozen=True, kw_only=True)
class OAuth1Flow(OAuthFlow):
    """OAuth 1.0a with three legs (RFC 5849); the request token is the state."""

    code: ClassVar[str] = "oauth1"
    request_token_url: str
    authorize_url: str
    access_token_url: str
    app_fields: tuple[str, ...] = ("client_key", "client_secret")
    #: The adapter's names for the pair of tokens.
    token_field: str = "access_token"  # noqa: S105
    token_secret_field: str = "access_token_secret"  # noqa: S105

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Get a request token and return the consent screen's address with it."""
        session = self._session(credentials, callback_uri=callback)
        token = _read_pairs(session, self.address(self.request_token_url, settings))
        if token.get("oauth_callback_confirmed") != "true":
            raise Rejected("Kanal tidak mengonfirmasi alamat kembali. Periksa alamat kembali pada aplikasi di kanal.")
        address = f"{self.address(self.authorize_url, settings)}?{urlencode({'oauth_token': token['oauth_token']})}"
        return Started(address, token["oauth_token"], {"token_secret": token["oauth_token_secret"]})

    def finish(
        self, settings: Values, credentials: Values, callback: str, secret: Values, answer: Values
    ) -> list[Grant]:
        """Exchange the verifier for the lasting pair of tokens."""
        session = self._session(
            credentials,
            resource_owner_key=answer["oauth_token"],
            resource_owner_secret=secret["token_secret"],
            verifier=answer["oauth_verifier"],
        )
        pairs = _read_pairs(session, self.address(self.access_token_url, settings))
        if self.complete:
            return self.complete(settings, credentials, Token(pairs["oauth_token"], answer=pairs))
        given = {self.token_field: pairs["oauth_token"], self.token_secret_field: pairs["oauth_token_secret"]}
        return [Grant(given, account_name=pairs.get("screen_name", ""), account_id=pairs.get("user_id", ""))]

    def _session(self, credentials: Values, **kwargs: Any) -> OAuth1Session:
        key, secret = (credentials[name] for name in self.app_fields)
        return prepare(OAuth1Session(key, client_secret=secret, **kwargs))


@dataclass(frozen=True, kw_only=True)
class OAuth2Flow(OAuthFlow):
    """The authorization code of OAuth 2 with PKCE S256 and a state (RFC 6749, 7636)."""

    code: ClassVar[str] = "oauth2"
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    app_fields: tuple[str, ...] = ("client_id", "client_secret")
    #: Meta separates its scopes by commas.
    scope_separator: str = " "
    #: Whether the application's secret goes in the header ("basic") or in the body ("body").
    client_auth: str = "body"
    #: Additional parameters of the consent screen's address.
    authorize_params: Values = field(default_factory=dict)
    #: Where an application is registered without a person: Mastodon's ``/api/v1/apps``.
    registration_url: str = ""
    token_field: str = "access_token"  # noqa: S105
    refresh_token_field: str = "refresh_token"  # noqa: S105
    #: How long before a token with a refresh token ends it is renewed.
    refresh_margin: timedelta = timedelta(minutes=15)

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Make the state and the PKCE pair; nothing is asked of the network yet."""
        client = WebApplicationClient(credentials[self.app_fields[0]])
        verifier, state = client.create_code_verifier(96), secrets.token_urlsafe(32)
        address = client.prepare_request_uri(
            self.address(self.authorize_url, settings),
            redirect_uri=callback,
            scope=self.scope_separator.join(self.scopes),
            state=state,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
            **self.authorize_params,
        )
        return Started(address, state, {"code_verifier": verifier})

    def finish(
        self, settings: Values, credentials: Values, callback: str, secret: Values, answer: Values
    ) -> list[Grant]:
        """Exchange the code; an answer in the name of another server is refused (RFC 9207)."""
        issuer = answer.get("iss", "")
        if issuer and urlsplit(issuer).hostname != urlsplit(self.address(self.authorize_url, settings)).hostname:
            raise Rejected("Jawaban berasal dari server lain. Penghubungan dibatalkan.")
        token = self.ask(
            settings,
            credentials,
            grant_type="authorization_code",
            code=answer["code"],
            redirect_uri=callback,
            code_verifier=secret["code_verifier"],
        )
        if self.complete:
            return self.complete(settings, credentials, token)
        return [self.make_grant(token)]

    def refresh(self, settings: Values, credentials: Values) -> Grant:
        """Exchange the refresh token, once. AuthDead: it is dead. Unknown: nobody knows whether it still lives."""
        refresh_token = credentials.get(self.refresh_token_field)
        if not refresh_token:
            raise AuthDead()
        token = self.ask(settings, credentials, grant_type="refresh_token", refresh_token=refresh_token)
        grant = self.make_grant(token)
        if token.refresh_token:
            return grant
        return Grant({**grant.credentials, self.refresh_token_field: refresh_token}, refresh_at=grant.refresh_at)

    def make_grant(self, token: Token, **kwargs: Any) -> Grant:
        """Return the grant of a standard answer: with a refresh token the end is the worker's, not a person's."""
        given = {self.token_field: token.access_token}
        if not token.refresh_token:
            return Grant(given, scopes=token.scopes, expires_at=token.expires_at, **kwargs)
        given[self.refresh_token_field] = token.refresh_token
        refresh_at = token.expires_at - self.refresh_margin if token.expires_at else None
        return Grant(given, scopes=token.scopes, refresh_at=refresh_at, **kwargs)

    def ask(self, settings: Values, credentials: Values, **form: Any) -> Token:
        """Post a form to the token endpoint, with the application's name and secret."""
        client_id, client_secret = (credentials[name] for name in self.app_fields)
        kwargs: dict[str, Any] = {}
        if self.client_auth == "basic":
            kwargs["auth"] = HTTPBasicAuth(client_id, client_secret)
        form |= {"client_id": client_id} | ({} if kwargs else {"client_secret": client_secret})
        return read_token(
            http(prepare(OAuth2Session()), "POST", self.address(self.token_url, settings), data=form, **kwargs)
        )

    def register(self, settings: Values, callback: str, name: str) -> dict[str, str]:
        """Register the office's application at the server that a person named."""
        if not self.registration_url:
            return {}
        answer = http(
            prepare(OAuth2Session()),
            "POST",
            self.address(self.registration_url, settings),
            json={"client_name": name, "redirect_uris": callback, "scopes": self.scope_separator.join(self.scopes)},
        )
        given = [answer.get("client_id"), answer.get("client_secret")]
        if answer.status != 200 or not all(isinstance(value, str) and value for value in given):
            raise Rejected("Server ini tidak menerima pendaftaran aplikasi. Periksa alamat server.")
        return dict(zip(self.app_fields, given, strict=True))


def read_token(answer: Answer) -> Token:
    """Return the token in an answer of a token endpoint, or the error in it; its words are not repeated."""
    if answer.status >= 500 or answer.status == 408 or (answer.status < 300 and not isinstance(answer.data, dict)):
        raise Unknown("Jawaban server izin tidak terbaca.", status=answer.status)
    if answer.status == 429:
        raise NotSent("Server izin meminta menunggu.", status=answer.status)
    access_token = answer.get("access_token")
    if answer.status not in (200, 201) or not isinstance(access_token, str) or not access_token:
        raise AuthDead(_explain(answer), status=answer.status)
    scope = answer.get("scope") or ""
    seconds = _seconds(answer.get("expires_in"))
    return Token(
        access_token,
        str(answer.get("refresh_token") or ""),
        tuple(str(scope).replace(",", " ").split()) if isinstance(scope, str) else (),
        datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None,
        answer.data,
    )


#: The error codes of RFC 6749, on the callback and at the token endpoint, in the office's words.
_ERRORS = {
    "access_denied": "Izin tidak diberikan pada layar persetujuan.",
    "invalid_client": "Kanal tidak mengenali aplikasi ini. Periksa ID dan kunci rahasia aplikasi.",
    "unauthorized_client": "Aplikasi ini belum diizinkan meminta izin dengan cara ini.",
    "invalid_grant": "Izin sudah kedaluwarsa atau dicabut. Hubungkan kembali akun ini.",
    "invalid_scope": "Kanal menolak hak yang diminta. Periksa hak aplikasi di kanal.",
    "invalid_request": "Kanal menolak permintaan izin. Periksa pengaturan aplikasi, terutama alamat kembali.",
    "redirect_uri_mismatch": "Alamat kembali belum terdaftar pada aplikasi di kanal.",
    "server_error": "Kanal sedang mengalami gangguan. Coba beberapa saat lagi.",
    "temporarily_unavailable": "Kanal sedang tidak tersedia. Coba beberapa saat lagi.",
}


def explain_refusal(answer: Values) -> str:
    """Return why the consent screen sent no permission, "" when it sent one; foreign words are not repeated."""
    if "denied" in answer:
        return _ERRORS["access_denied"]
    if "error" not in answer:
        return ""
    return _ERRORS.get(answer["error"], "Kanal menolak memberi izin.")


def _explain(answer: Answer) -> str:
    code = answer.get("error")
    return _ERRORS.get(code if isinstance(code, str) else "", "Kanal menolak memberi izin.")


def _seconds(value: Any) -> float:
    try:
        return min(max(float(value), 0), 10 * 365 * 86400)
    except (TypeError, ValueError):
        return 0


def _read_pairs(session: OAuth1Session, address: str) -> dict[str, str]:
    """Return the form-encoded answer of an OAuth 1 endpoint."""
    answer = http(session, "POST", address)
    if answer.status >= 500:
        raise NotSent("Kanal sedang mengalami gangguan. Coba beberapa saat lagi.", status=answer.status)
    if answer.status != 200:
        raise AuthDead(
            "Kanal menolak aplikasi ini. Periksa kunci aplikasi dan alamat kembali yang terdaftar.",
            status=answer.status,
        )
    try:
        pairs = dict(urldecode(answer.text.strip()))
    except ValueError as error:
        raise Unknown("Jawaban kanal tidak terbaca.", status=answer.status) from error
    if not pairs.get("oauth_token") or not pairs.get("oauth_token_secret"):
        raise Unknown("Jawaban kanal tidak terbaca.", status=answer.status)
    return pairs
