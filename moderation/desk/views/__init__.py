"""Answers the requests of the desk."""
