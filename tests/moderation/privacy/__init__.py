"""Tests of the gate for personal data."""
