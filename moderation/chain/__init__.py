"""Takes a step of the SOP: who may, what it does, in one transaction."""
