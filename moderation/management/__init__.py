"""Runs without a person: commands, and the jobs of the worker."""
