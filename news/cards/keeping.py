"""Delete drawn cards when their version is no longer live."""

from django.db import transaction

from . import store


def drop_cards(sender, page, permit, **kwargs) -> None:
    """Delete the cards of a page that was taken down, on commit."""
    transaction.on_commit(lambda: store.forget(permit.seal))


def drop_overtaken_cards(sender, page, permit, previous, **kwargs) -> None:
    """Delete the cards of the version that a ralat replaced, on commit."""
    if previous is not None and previous.seal != permit.seal:
        transaction.on_commit(lambda: store.forget(previous.seal))
