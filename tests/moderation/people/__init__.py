"""Tests of appointments and mails."""
