"""Talks HTTP to networks: pooled, guarded, redacted."""
