"""OAuth flows through a network's consent screen: what an adapter declares, and the exchange.

An adapter declares its endpoints and scopes as ``oauth = OAuth2Flow(…)``, or a tuple of flows,
the recommended one first. URLs are templates over the account's settings and the flow's
``defaults``: ``"{base_url}/oauth/token"``. Flows are stateless: ``start`` returns what ``finish``
needs, and the caller stores it encrypted. The HTTP libraries are imported by the functions that ask a network: every
process loads this module, few ever ask.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode, urlsplit

from .errors import AuthDead, NotSent, Rejected, Unknown

if TYPE_CHECKING:
    from requests_oauthlib import OAuth1Session

    from .http.transport import Answer

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """Result of consent or of a refresh; the names are the adapter constructor's."""

    credentials: Values = field(default_factory=dict, repr=False)
    settings: Values = field(default_factory=dict)
    account_name: str = ""
    #: The network's permanent id of the account, the same after reconnecting.
    account_id: str = ""
    scopes: tuple[str, ...] = ()
    #: When a person has to connect again; None for never, or where a refresh prevents it.
    expires_at: datetime | None = None
    data_expires_at: datetime | None = None
    #: When the worker calls ``Channel.refresh()``; None where nothing is refreshed.
    refresh_at: datetime | None = None


@dataclass(frozen=True)
class Token:
    """Parsed answer of a token endpoint; ``answer`` is the whole."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    answer: Values = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Started:
    """URL of the consent screen, the state to expect back, and the data for ``finish``."""

    address: str = field(repr=False)
    state: str = field(repr=False)
    secret: dict[str, str] = field(repr=False)


#: (settings, credentials, token) → the accounts or Pages to choose from.
Complete = Callable[[Values, Values, Token], list[Grant]]


@dataclass(frozen=True, kw_only=True)
class OAuthFlow:
    """Base of the flows through a consent screen."""

    #: Code in URLs and in the audit log: "oauth1", "oauth2".
    code: ClassVar[str]
    #: Label of the button: "Hubungkan lewat layar persetujuan X".
    label: str
    #: Values of the URL templates that no person types.
    defaults: Values = field(default_factory=dict)
    #: Names in ``credentials_fields`` of the office's own application at the network. The form asks for
    #: them before the consent screen, unless ``registration_url`` gets them from the server.
    app_fields: tuple[str, ...] = ()
    #: Names in ``settings_fields`` to ask for before the consent screen (the server's address).
    needs: tuple[str, ...] = ()
    #: Lists the accounts to choose from; without it the token's account is the only one.
    complete: Complete | None = None

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Return the URL of the consent screen, after a request to the network where one is needed."""
        raise NotImplementedError

    def finish(
        self, settings: Values, credentials: Values, callback: str, secret: Values, answer: Values
    ) -> list[Grant]:
        """Exchange ``answer``, the query of the callback, for the accounts to choose from."""
        raise NotImplementedError

    def register(self, settings: Values, callback: str, name: str) -> dict[str, str]:
        """Register an application at this server and return its credentials; {} where a person does that."""
        return {}

    def address(self, template: str, settings: Values) -> str:
        """Return the URL of a template with these settings."""
        given = {name: value for name, value in settings.items() if value not in ("", None)}
        values = {**self.defaults, **given}
        return template.format_map({name: str(value).rstrip("/") for name, value in values.items()})


@dataclass(frozen=True, kw_only=True)
class OAuth1Flow(OAuthFlow):
    """Three-legged OAuth 1.0a (RFC 5849); the request token is the state."""

    code: ClassVar[str] = "oauth1"
    request_token_url: str
    authorize_url: str
    access_token_url: str
    app_fields: tuple[str, ...] = ("client_key", "client_secret")
    #: The adapter's names of token and token secret.
    token_field: str = "access_token"  # noqa: S105
    token_secret_field: str = "access_token_secret"  # noqa: S105

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Get a request token and return the consent screen's URL with it."""
        session = self._session(credentials, callback_uri=callback)
        token = _read_pairs(session, self.address(self.request_token_url, settings))
        if token.get("oauth_callback_confirmed") != "true":
            raise Rejected("Kanal tidak mengonfirmasi alamat kembali. Periksa alamat kembali pada aplikasi di kanal.")
        address = f"{self.address(self.authorize_url, settings)}?{urlencode({'oauth_token': token['oauth_token']})}"
        return Started(address, token["oauth_token"], {"token_secret": token["oauth_token_secret"]})

    def finish(
        self, settings: Values, credentials: Values, callback: str, secret: Values, answer: Values
    ) -> list[Grant]:
        """Exchange the verifier for the permanent token and its secret."""
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
        from requests_oauthlib import OAuth1Session

        from .http.transport import prepare

        key, secret = (credentials[name] for name in self.app_fields)
        return prepare(OAuth1Session(key, client_secret=secret, **kwargs))


@dataclass(frozen=True, kw_only=True)
class OAuth2Flow(OAuthFlow):
    """OAuth 2 authorization code with PKCE S256 and a state (RFC 6749, RFC 7636)."""

    code: ClassVar[str] = "oauth2"
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    app_fields: tuple[str, ...] = ("client_id", "client_secret")
    #: Separator of scopes; Meta uses a comma.
    scope_separator: str = " "
    #: Where the application's secret goes: the header ("basic") or the body ("body").
    client_auth: str = "body"
    #: Additional parameters of the consent screen's URL.
    authorize_params: Values = field(default_factory=dict)
    #: URL that registers an application, such as Mastodon's ``/api/v1/apps``.
    registration_url: str = ""
    token_field: str = "access_token"  # noqa: S105
    refresh_token_field: str = "refresh_token"  # noqa: S105
    #: How long before its expiry to renew a token.
    refresh_margin: timedelta = timedelta(minutes=15)

    def start(self, settings: Values, credentials: Values, callback: str) -> Started:
        """Make the state and the PKCE pair, without a request."""
        from oauthlib.oauth2 import WebApplicationClient

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
        """Exchange the code; refuse an answer of another issuer (RFC 9207)."""
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
        """Exchange the refresh token, once; raise AuthDead when it is invalid, Unknown when it may be."""
        refresh_token = credentials.get(self.refresh_token_field)
        if not refresh_token:
            raise AuthDead()
        token = self.ask(settings, credentials, grant_type="refresh_token", refresh_token=refresh_token)
        grant = self.make_grant(token)
        if token.refresh_token:
            return grant
        return Grant({**grant.credentials, self.refresh_token_field: refresh_token}, refresh_at=grant.refresh_at)

    def make_grant(self, token: Token, **kwargs: Any) -> Grant:
        """Return the grant of a standard answer; with a refresh token the expiry is for the worker."""
        given = {self.token_field: token.access_token}
        if not token.refresh_token:
            return Grant(given, scopes=token.scopes, expires_at=token.expires_at, **kwargs)
        given[self.refresh_token_field] = token.refresh_token
        refresh_at = token.expires_at - self.refresh_margin if token.expires_at else None
        return Grant(given, scopes=token.scopes, refresh_at=refresh_at, **kwargs)

    def ask(self, settings: Values, credentials: Values, **form: Any) -> Token:
        """POST a form to the token endpoint with the application's id and secret."""
        from requests.auth import HTTPBasicAuth

        client_id, client_secret = (credentials[name] for name in self.app_fields)
        kwargs: dict[str, Any] = {}
        if self.client_auth == "basic":
            kwargs["auth"] = HTTPBasicAuth(client_id, client_secret)
        form |= {"client_id": client_id} | ({} if kwargs else {"client_secret": client_secret})
        return read_token(_post(self.address(self.token_url, settings), data=form, **kwargs))

    def register(self, settings: Values, callback: str, name: str) -> dict[str, str]:
        """Register the office's application at the server of the settings."""
        if not self.registration_url:
            return {}
        answer = _post(
            self.address(self.registration_url, settings),
            json={"client_name": name, "redirect_uris": callback, "scopes": self.scope_separator.join(self.scopes)},
        )
        given = [answer.get("client_id"), answer.get("client_secret")]
        if answer.status != 200 or not all(isinstance(value, str) and value for value in given):
            raise Rejected("Server ini tidak menerima pendaftaran aplikasi. Periksa alamat server.")
        return dict(zip(self.app_fields, given, strict=True))


@dataclass(frozen=True, kw_only=True)
class PostingFlow(OAuth2Flow):
    """OAuth 2 that asks for no more than posting needs: for an application that was given no more."""

    code: ClassVar[str] = "oauth2-posting"


def read_token(answer: Answer) -> Token:
    """Return the token of a token endpoint's answer; raise its error in the office's words, not the server's."""
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


#: Indonesian messages for the error codes of RFC 6749, of the callback and the token endpoint.
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
    """Return in the office's words why consent was refused, "" when it was given."""
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


def _post(address: str, **kwargs: Any) -> Answer:
    """POST to an OAuth 2 endpoint, unsigned."""
    from requests_oauthlib import OAuth2Session

    from .http.transport import http, prepare

    return http(prepare(OAuth2Session()), "POST", address, **kwargs)


def _read_pairs(session: OAuth1Session, address: str) -> dict[str, str]:
    """Return the form-encoded answer of an OAuth 1 endpoint."""
    from oauthlib.common import urldecode

    from .http.transport import http

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
