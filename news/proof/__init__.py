"""Reads the proof, corrections and withdrawal of a public item."""
