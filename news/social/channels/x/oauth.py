"""OAuth flows of X: 1.0a, whose token lasts until revoked, and 2 with PKCE."""

from news.social.channels.oauth import Grant, OAuth1Flow, OAuth2Flow, Token, Values

SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
_PLACES = {"base_url": "https://api.x.com", "web_url": "https://x.com"}


def _complete_oauth1(settings: Values, credentials: Values, token: Token) -> list[Grant]:
    pairs = token.answer
    given = {"access_token": pairs["oauth_token"], "access_token_secret": pairs["oauth_token_secret"]}
    user_id, name = pairs.get("user_id", ""), pairs.get("screen_name", "")
    return [Grant(given, {"auth": "oauth1", "user_id": user_id}, f"@{name}" if name else "", user_id)]


def _complete_oauth2(settings: Values, credentials: Values, token: Token) -> list[Grant]:
    return [OAUTH2.make_grant(token, settings={"auth": "oauth2"})]


OAUTH1 = OAuth1Flow(
    label="Hubungkan lewat layar persetujuan X (OAuth 1.0a)",
    defaults=_PLACES,
    request_token_url="{base_url}/oauth/request_token",  # noqa: S106
    authorize_url="{base_url}/oauth/authorize",
    access_token_url="{base_url}/oauth/access_token",  # noqa: S106
    complete=_complete_oauth1,
)
OAUTH2 = OAuth2Flow(
    label="Hubungkan lewat layar persetujuan X (OAuth 2)",
    defaults=_PLACES,
    authorize_url="{web_url}/i/oauth2/authorize",
    token_url="{base_url}/2/oauth2/token",  # noqa: S106
    scopes=SCOPES,
    app_fields=("client_id", "client_id_secret"),
    token_field="bearer_token",  # noqa: S106
    client_auth="basic",
    complete=_complete_oauth2,
)
FLOWS = (OAUTH1, OAUTH2)
