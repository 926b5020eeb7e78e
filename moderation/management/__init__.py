"""Runs without a user: management commands and the worker's jobs."""
