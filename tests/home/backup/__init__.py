"""Tests of backup, restore and their proof."""
