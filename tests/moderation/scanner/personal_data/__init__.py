"""Typical sentences of a sub-district office, with their personal data marked by hand."""
