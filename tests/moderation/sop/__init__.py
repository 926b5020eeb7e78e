"""Tests of the SOP's tables and the office's clock."""
