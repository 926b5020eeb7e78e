"""Does what the worker does by the clock."""
