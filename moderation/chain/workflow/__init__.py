"""Keeps Wagtail's own workflow on the SOP's track."""
