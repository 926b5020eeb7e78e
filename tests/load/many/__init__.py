"""Several offices on one machine, and one office on several machines."""
