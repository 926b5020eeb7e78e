"""Jobs that the worker runs by the clock."""
