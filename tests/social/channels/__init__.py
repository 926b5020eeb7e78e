"""Tests of the adapters against networks on loopback."""
