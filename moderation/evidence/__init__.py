"""Writes down what was done, masked, and lets nothing undo or bypass it."""
