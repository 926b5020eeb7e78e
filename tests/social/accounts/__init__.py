"""Tests of accounts, consent, tokens and secrets."""
