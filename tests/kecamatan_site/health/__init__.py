"""Tests of what tells how the site is."""
