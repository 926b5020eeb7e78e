"""Facebook Login: from a person's consent to lasting tokens of the Pages they may post to.

A short-lived token is exchanged for a long-lived one (about 60 days), and that one for Page
tokens. Meta's documents disagree on their lifetime, so each token is inspected.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from requests_oauthlib import OAuth2Session

from news.social.channels.errors import Rejected
from news.social.channels.http.transport import http, prepare
from news.social.channels.oauth import Grant, OAuth2Flow, PostingFlow, Token, Values, read_token

from . import versions
from .errors import raise_for
from .graph import BASE_URL, Graph, TokenFacts

#: Task that a person needs on a Page to post to it.
TASK = "CREATE_CONTENT"
_DEFAULTS = {"base_url": BASE_URL, "dialog_url": "https://www.facebook.com", "version": versions.DEFAULT}
_FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username}"
#: Maximum pages of the list, so that an endless one ends.
_MOST_LISTS = 10

#: Turns a Page and its token's facts into a grant, None where the Page has no account on the network.
Choose = Callable[[Mapping[str, Any], TokenFacts], Grant | None]


def make_flow(
    label: str, scopes: tuple[str, ...], choose: Choose, nothing: str, *, only_posts: bool = False
) -> OAuth2Flow:
    """Return the flow through Facebook's consent screen; ``nothing``: message when there is no choice."""

    def complete(settings: Values, credentials: Values, token: Token) -> list[Grant]:
        values = {**_DEFAULTS, **{name: value for name, value in settings.items() if value}}
        long_lived = exchange_long_lived(values, credentials, token)
        grants = [
            grant for page, facts in list_pages(values, credentials, long_lived) if (grant := choose(page, facts))
        ]
        if not grants:
            raise Rejected(nothing)
        return grants

    return (PostingFlow if only_posts else OAuth2Flow)(
        label=label,
        authorize_url="{dialog_url}/{version}/dialog/oauth",
        token_url="{base_url}/{version}/oauth/access_token",  # noqa: S106
        scopes=scopes,
        scope_separator=",",
        app_fields=("app_id", "app_secret"),
        defaults=_DEFAULTS,
        complete=complete,
    )


def exchange_long_lived(values: Values, credentials: Values, token: Token) -> Token:
    """Exchange a short-lived for a long-lived token, by POST: the URL of a GET would contain token and secret."""
    form = {
        "grant_type": "fb_exchange_token",
        "client_id": credentials["app_id"],
        "client_secret": credentials["app_secret"],
        "fb_exchange_token": token.access_token,
    }
    address = f"{values['base_url'].rstrip('/')}/{values['version']}/oauth/access_token"
    answer = http(prepare(OAuth2Session()), "POST", address, data=form)
    raise_for(answer, "Facebook", changes=False)
    return read_token(answer)


def list_pages(values: Values, credentials: Values, token: Token) -> Iterator[tuple[Mapping[str, Any], TokenFacts]]:
    """Yield the Pages that the person may post to, each with the facts of its token."""
    me, app = (
        Graph(
            "Facebook",
            base_url=values["base_url"],
            version=values["version"],
            token=name,
            app_secret=credentials["app_secret"],
        )
        for name in (token.access_token, f"{credentials['app_id']}|{credentials['app_secret']}")
    )
    params = {"fields": _FIELDS, "limit": "100"}
    for _ in range(_MOST_LISTS):
        answer = me.get("me/accounts", **params)
        for page in answer.get("data") or ():
            if TASK in page.get("tasks", ()) and page.get("access_token"):
                yield page, app.inspect(page["access_token"])
        after = answer.get("paging", "cursors", "after")
        if not after or not answer.get("paging", "next"):
            return
        params["after"] = str(after)


def make_grant(page: Mapping[str, Any], facts: TokenFacts, *, name: str, account_id: str, setting: str) -> Grant:
    """Return the grant of an account that uses the token of a Page."""
    return Grant(
        {"access_token": page["access_token"]},
        {setting: account_id},
        account_name=name,
        account_id=account_id,
        scopes=facts.scopes,
        expires_at=facts.expires_at,
        data_expires_at=facts.data_expires_at,
    )
