"""Tests of the worker's periodic jobs."""
