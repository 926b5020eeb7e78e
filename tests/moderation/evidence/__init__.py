"""Tests of log, seal, guards and triggers."""
