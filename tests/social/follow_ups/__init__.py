"""Tests of follow-ups."""
