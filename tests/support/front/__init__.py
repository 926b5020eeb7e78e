"""The production stack of a test: nginx, gunicorn behind it, and their settings."""
