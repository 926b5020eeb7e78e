"""Keeps the outbox moving."""
