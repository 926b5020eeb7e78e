"""Keeps an account able to post, from consent to pause."""
