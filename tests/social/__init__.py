"""Tests of the posts on networks."""
