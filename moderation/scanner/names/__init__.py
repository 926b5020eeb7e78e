"""Finds where a text names a private person: by what stands around the name, never by a capital alone."""
