"""Checks that an uploaded file is of the type it claims, extracts its text, and stores it whole."""
