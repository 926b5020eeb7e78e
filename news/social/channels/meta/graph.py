"""Client of Meta's Graph API: signed calls, lost answers, token inspection."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests
from requests_oauthlib import OAuth2Session

from news.social.channels.errors import AuthDead, NotSent, Unknown
from news.social.channels.http.transport import Answer, http, prepare

from .errors import is_gone, raise_for

BASE_URL = "https://graph.facebook.com"


@dataclass(frozen=True)
class TokenFacts:
    """Facts of a token; times are None where it does not expire."""

    is_valid: bool
    scopes: tuple[str, ...]
    expires_at: datetime | None
    data_expires_at: datetime | None
    #: The Pages and accounts for which a scope was granted; empty where it was for all.
    targets: Mapping[str, tuple[str, ...]]
    #: Meta's message about an invalid token.
    problem: str = ""

    def find_missing(self, scopes: tuple[str, ...], target: str = "") -> tuple[str, ...]:
        """Return the ``scopes`` not granted for this Page or account."""
        return tuple(scope for scope in scopes if scope not in self.scopes or not self._reaches(scope, target))

    def describe_problem(self) -> tuple[str, ...]:
        """Return why the token cannot be used, "" when it can."""
        return () if self.is_valid else (f"Token tidak berlaku. {self.problem}".strip(),)

    def _reaches(self, scope: str, target: str) -> bool:
        targets = self.targets.get(scope)
        return not target or not targets or target in targets


class Graph:
    """Client of one Meta server with one token."""

    def __init__(self, network: str, *, base_url: str, version: str, token: str, app_secret: str | None):
        """``app_secret``: None for a server that takes no proof of it."""
        self.network = network
        self._root = f"{base_url.rstrip('/')}/{version}"
        self._token = token
        self._app_secret = app_secret

    def get(self, path: str, **params: str) -> Answer:
        """GET an object; raise NotSent for a lost answer, because reading may be repeated."""
        answer = self._repeatable("GET", path, params=params)
        raise_for(answer, self.network, changes=False)
        return answer

    def find(self, path: str, **params: str) -> Answer | None:
        """GET an object that may be deleted; return None for one that is."""
        answer = self._repeatable("GET", path, params=params)
        if is_gone(answer):
            return None
        raise_for(answer, self.network, changes=False)
        return answer

    def prepare(self, path: str, data: Mapping[str, str], files: Mapping[str, Any] | None = None) -> Answer:
        """POST something invisible to citizens; raise NotSent for a lost answer, because it may be repeated."""
        answer = self._repeatable("POST", path, data=dict(data), files=files)
        raise_for(answer, self.network, changes=False)
        return answer

    def change(self, path: str, data: Mapping[str, str]) -> Answer:
        """POST a change visible to citizens; raise Unknown for a lost answer."""
        answer = self._send("POST", path, data=dict(data))
        raise_for(answer, self.network, changes=True)
        return answer

    def delete(self, path: str) -> Answer:
        """DELETE an object; one that no longer exists counts as deleted."""
        answer = self._send("DELETE", path, params={})
        if not is_gone(answer):
            raise_for(answer, self.network, changes=True)
            if answer.get("success") is not True:
                raise Unknown(f"Jawaban {self.network} tidak terbaca.", status=answer.status)
        return answer

    def inspect(self, token: str) -> TokenFacts:
        """Return the scopes and expiry of ``token``.

        Meta takes the token in the URL alone, so no error and no log may name that.
        """
        answer = self._repeatable("GET", "debug_token", params={"input_token": token}, hides_address=True)
        raise_for(answer, self.network, changes=False)
        return _read_facts(answer)

    def _repeatable(self, method: str, path: str, **kwargs: Any) -> Answer:
        try:
            return self._send(method, path, **kwargs)
        except Unknown as error:
            raise NotSent(error.message, status=error.status) from error

    def _send(self, method: str, path: str, **kwargs: Any) -> Answer:
        where = "params" if "params" in kwargs else "data"
        kwargs[where] = {**kwargs[where], **self._sign()}
        safe_path = "/".join(quote(part, safe="") for part in path.split("/"))
        return http(self._session(), method, f"{self._root}/{safe_path}", **kwargs)

    def _sign(self) -> dict[str, str]:
        """Return the ``appsecret_proof`` of the token."""
        if self._app_secret is None:
            return {}
        proof = hmac.new(self._app_secret.encode(), self._token.encode(), hashlib.sha256)
        return {"appsecret_proof": proof.hexdigest()}

    def _session(self) -> requests.Session:
        if not self._token:
            raise AuthDead(f"Akun {self.network} belum dihubungkan.")
        if self._app_secret == "":
            raise AuthDead(f"Rahasia aplikasi untuk akun {self.network} belum diisi.")
        return prepare(OAuth2Session(token={"access_token": self._token, "token_type": "Bearer"}))


def describe_usage(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the usage of the app's calls from Meta's header, in words."""
    usage = _parse(headers.get("x-app-usage"))
    shares = [value for value in usage.values() if isinstance(value, int | float)] if isinstance(usage, dict) else []
    return {"Kuota panggilan API terpakai": f"{max(shares):.0f} persen"} if shares else {}


def _read_facts(answer: Answer) -> TokenFacts:
    scopes = answer.get("data", "scopes")
    granular = answer.get("data", "granular_scopes")
    if not isinstance(scopes, list):
        raise NotSent("Izin token tidak dapat dibaca.", status=answer.status)
    return TokenFacts(
        is_valid=answer.get("data", "is_valid") is True,
        scopes=tuple(map(str, scopes)),
        expires_at=_moment(answer.get("data", "expires_at")),
        data_expires_at=_moment(answer.get("data", "data_access_expires_at")),
        targets={
            str(scope.get("scope")): tuple(map(str, scope.get("target_ids") or ()))
            for scope in granular or ()
            if isinstance(scope, dict)
        },
        problem=str(answer.get("data", "error", "message") or ""),
    )


def _moment(value: object) -> datetime | None:
    """Read an epoch; 0 means no expiry."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) and value > 0 else None


def _parse(text: object) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
