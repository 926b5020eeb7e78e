"""Resolves who holds which role today and notifies them."""
