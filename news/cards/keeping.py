"""When a drawn card is no longer kept: with the version it was drawn from."""

from django.db import transaction

from . import store


def drop_cards(sender, page, permit, **kwargs) -> None:
    """Remove the cards of what was taken down, once that is certain."""
    transaction.on_commit(lambda: store.forget(permit.seal))


def drop_overtaken_cards(sender, page, permit, previous, **kwargs) -> None:
    """Remove the cards of the version that a ralat replaced."""
    if previous is not None and previous.seal != permit.seal:
        transaction.on_commit(lambda: store.forget(previous.seal))
