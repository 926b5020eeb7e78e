"""Screens of posts: what became of each, and what a person decides."""
