"""X, behind its API v2."""
