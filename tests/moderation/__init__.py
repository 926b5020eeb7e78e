"""Tests of the SOP."""
