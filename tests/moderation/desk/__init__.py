"""Tests of the desk's screens."""
