"""Outcomes of a request to a network, one class for each reaction of the outbox."""

from datetime import datetime


class ChannelError(Exception):
    """Base class; ``message`` is an Indonesian sentence for the office."""

    default = ""

    def __init__(self, message: str = "", *, status: int | None = None):
        self.message = message or self.default
        self.status = status
        super().__init__(self.message)


class Rejected(ChannelError):
    """The network will never accept this post."""

    default = "Kanal menolak unggahan ini."


class Duplicate(ChannelError):
    """The network refuses the post as a duplicate."""

    default = "Kanal menyatakan unggahan yang sama sudah ada."


class Undecided(ChannelError):
    """A look at the account cannot say whether the post is there; a person has to look."""

    default = "Sistem tidak dapat membaca kanal ini."


class Lookalike(Undecided):
    """The account has a post with the same link and other words; a person has to say whether it is this one."""

    def __init__(self, address: str, *, status: int | None = None):
        where = f": {address}" if address else "."
        super().__init__(f"Di kanal ada unggahan lain dengan tautan yang sama{where}", status=status)


class AuthDead(ChannelError):
    """The account's permission to post has ended; none of its posts can be sent."""

    default = "Izin akun ditolak oleh kanal. Hubungkan kembali akun ini."


class NoRight(AuthDead):
    """The account lacks a right that this request needs.

    A post that meets it pauses the account; an act on an existing post fails alone, because the account
    may still post.
    """

    default = "Akun belum diberi hak untuk tindakan ini."


class NoFunds(ChannelError):
    """The account has no credit left; none of its posts can be sent."""

    default = "Saldo kredit akun pada kanal sudah habis."


class Throttled(ChannelError):
    """Nothing was posted; the account has to wait until ``until``."""

    default = "Batas kiriman kanal tercapai."

    def __init__(self, until: datetime, message: str = "", *, status: int | None = None, needs_person: bool = False):
        super().__init__(message, status=status)
        self.until = until
        #: Whether somebody also has to look at the account at the network.
        self.needs_person = needs_person


class NotSent(ChannelError):
    """The request never reached the network; it is safe to try again."""

    default = "Kanal tidak dapat dihubungi."


class Unknown(ChannelError):
    """The answer was lost after the request left; the post may exist."""

    default = "Jawaban kanal tidak diterima. Belum diketahui apakah unggahan terkirim."
