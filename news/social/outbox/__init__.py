"""Turns an order into a post that exists exactly once."""
