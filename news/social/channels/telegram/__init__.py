"""Telegram's Bot API, and the public preview of a channel."""
