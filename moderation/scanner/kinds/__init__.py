"""One file for each kind of personal data: how it is found in a text."""
