"""Tests of what the worker does by the clock."""
