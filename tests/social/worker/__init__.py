"""Tests of the worker, its threads and its crashes."""
