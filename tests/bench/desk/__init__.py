"""Measures what the desk and the steps of the SOP cost."""
