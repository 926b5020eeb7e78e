"""Screens of accounts: connect, change, pause, delete."""
