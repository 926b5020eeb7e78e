"""Tests of the page cache, with nginx before it."""
