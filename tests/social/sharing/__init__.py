"""Tests of sharing by hand."""
