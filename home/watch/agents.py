"""Who asks: a phone and a search engine's robot, from this machine and from a second address."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A.{tag}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.6778.39 Mobile Safari/537.36"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@dataclass(frozen=True)
class Agent:
    """One who asks for a page."""

    label: str
    user_agent: str
    #: "" for this machine; an own address of it to send from; or the URL of an HTTP proxy elsewhere.
    via: str = ""
    #: Kept pages are files, plain and compressed: each of the two is asked for.
    encoding: str = "identity"


def get_tag() -> str:
    """Return the six digits of the phone's build number by which whoever counts readers knows our own requests.

    Nothing else tells them from a citizen's, or else what shows citizens another page would spare them.
    """
    return str(int(salted_hmac("home.watch", "tag").hexdigest(), 16) % 900_000 + 100_000)


def is_own(user_agent: str) -> bool:
    """Say whether a request is one of the watch and no reader's."""
    return user_agent in {agent.user_agent for agent in list_agents()}


def list_agents() -> list[Agent]:
    """Return all who ask."""
    phone = PHONE.format(tag=get_tag())
    agents = [Agent("sebagai ponsel", phone, encoding="gzip"), Agent("sebagai mesin pencari", ROBOT)]
    second = settings.WATCH_SECOND_ADDRESS
    if second:
        agents += [
            Agent("sebagai ponsel dari alamat kedua", phone, second, "gzip"),
            Agent("sebagai mesin pencari dari alamat kedua", ROBOT, second),
        ]
    return agents
