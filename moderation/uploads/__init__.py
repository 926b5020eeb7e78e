"""Says whether an uploaded file is what it claims, and which words are in it."""
