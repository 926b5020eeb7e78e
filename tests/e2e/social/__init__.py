"""Tests of posting in a browser."""
