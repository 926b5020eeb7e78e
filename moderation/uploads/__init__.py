"""Checks that an uploaded file is of the type it claims, and extracts its text."""
