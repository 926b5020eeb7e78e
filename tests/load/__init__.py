"""Real processes on a database of their own: killed, raced, abused, multiplied. Each is a target of ``make``."""
