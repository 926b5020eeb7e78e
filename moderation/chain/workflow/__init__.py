"""Fits Wagtail's workflow to the SOP."""
