"""Sentences as a sub-district's office meets them, with the personal data in them marked by hand."""
