"""Tests of moderation/sign_in/."""
