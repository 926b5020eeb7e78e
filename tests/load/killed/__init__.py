"""Workers, web processes and publishers that are killed in the middle of their work: ``make chaos``."""
