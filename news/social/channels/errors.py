"""What can become of a request to a network, by what the outbox has to do next."""

from datetime import datetime


class ChannelError(Exception):
    """A post was not made, or nobody knows; ``message`` is a sentence for the office."""

    default = ""

    def __init__(self, message: str = "", *, status: int | None = None):
        self.message = message or self.default
        self.status = status
        super().__init__(self.message)


class Rejected(ChannelError):
    """The network will never take this text."""

    default = "Kanal menolak unggahan ini."


class Duplicate(ChannelError):
    """The network says that it has this post already."""

    default = "Kanal menyatakan unggahan yang sama sudah ada."


class AuthDead(ChannelError):
    """The account's permission to post is gone: nothing of this account can be sent."""

    default = "Izin akun ditolak oleh kanal. Hubungkan kembali akun ini."


class NoFunds(ChannelError):
    """The account has no credit left: nothing of this account can be sent."""

    default = "Saldo kredit akun pada kanal sudah habis."


class Throttled(ChannelError):
    """The account has to wait until ``until``; nothing was stored."""

    default = "Batas kiriman kanal tercapai."

    def __init__(self, until: datetime, message: str = "", *, status: int | None = None, needs_person: bool = False):
        super().__init__(message, status=status)
        self.until = until
        #: Waiting alone will not do: somebody has to look at the account at the network.
        self.needs_person = needs_person


class NotSent(ChannelError):
    """The request certainly never reached the network: it is safe to try again."""

    default = "Kanal tidak dapat dihubungi."


class Unknown(ChannelError):
    """The request left and the answer was lost: the post may or may not exist."""

    default = "Jawaban kanal tidak diterima. Belum diketahui apakah unggahan terkirim."
