"""Screens of lists and papers: register, letters, reports, calendar, DIP."""
