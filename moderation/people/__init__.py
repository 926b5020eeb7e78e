"""Says who holds which role today, and tells them what waits."""
