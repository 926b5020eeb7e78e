"""Tests of comparisons and checklists."""
