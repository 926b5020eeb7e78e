"""Tests of the screens of posts."""
