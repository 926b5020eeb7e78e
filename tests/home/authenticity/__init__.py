"""Tests of “Asli atau hoaks?”."""
