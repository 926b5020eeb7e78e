"""Proves that the tests notice when a guard, a trigger set, a check or the lease is taken away."""
