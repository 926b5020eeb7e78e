"""Tests of the watch over what citizens receive."""
