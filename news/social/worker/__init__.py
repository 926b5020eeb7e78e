"""Dispatches due deliveries and follow-ups to the networks."""
