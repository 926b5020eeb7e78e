"""Tests of what is read from an uploaded file, and what is named."""
