"""Tests of the frame of every page: emblem, opening hours, facts."""
