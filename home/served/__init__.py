"""Asks the site for what was published, as a citizen does, and for what was taken down."""
