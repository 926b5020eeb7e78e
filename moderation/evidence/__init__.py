"""Records every step in the audit log, masked, and refuses writes outside a step."""
