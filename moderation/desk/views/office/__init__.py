"""Screens of the office's own settings: appointments, checklists, working time, log, integrity."""
