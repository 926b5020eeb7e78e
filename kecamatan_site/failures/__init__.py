"""Answers requests that failed: what was wrong, and what was typed."""
