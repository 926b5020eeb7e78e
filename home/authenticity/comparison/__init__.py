"""Compares a pasted text with an official one by words, values and sentences."""
