"""Tests of what is written and sent."""
