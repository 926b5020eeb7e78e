"""Tests of lists and papers."""
