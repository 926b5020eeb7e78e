"""Faults of disk, database and timers while people work: ``make faults``."""
