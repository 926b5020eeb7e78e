"""Tests of what follows a correction or a take-down."""
