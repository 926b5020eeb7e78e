"""Prepares what a reviewer looks at before deciding."""
