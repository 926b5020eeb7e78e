"""Tests of the office's file, and of a second office run from its own."""
