"""Writes a line of the log for each sign-in, sign-out and failed attempt: which account, by its number, and how."""

import logging

logger = logging.getLogger("situs.sign_in")


def connect() -> None:
    """Connect to the signals of Django and django-allauth."""
    from allauth.mfa.signals import authentication_failed
    from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

    user_logged_in.connect(note_sign_in, dispatch_uid="sign_in_log")
    user_logged_out.connect(note_sign_out, dispatch_uid="sign_out_log")
    user_login_failed.connect(note_wrong_password, dispatch_uid="wrong_password_log")
    authentication_failed.connect(note_wrong_code, dispatch_uid="wrong_code_log")


def note_sign_in(sender, request, user, **kwargs) -> None:
    """The ways are those that allauth noted in the session: a password, then a code or a passkey."""
    steps = request.session.get("account_authentication_methods", []) if request is not None else []
    ways = " and ".join(step.get("type") or step.get("method", "") for step in steps)
    logger.info("signed in: account %s by %s", user.pk, ways or "another way")


def note_sign_out(sender, request, user, **kwargs) -> None:
    """A session of nobody may be ended too."""
    if user is not None:
        logger.info("signed out: account %s", user.pk)


def note_wrong_password(sender, credentials, **kwargs) -> None:
    """What was typed is left out: it may be a password in the wrong field."""
    logger.warning("refused: a wrong name or password")


def note_wrong_code(sender, user, authenticator, **kwargs) -> None:
    logger.warning("refused: a wrong code of account %s (%s)", user.pk, authenticator.type)
