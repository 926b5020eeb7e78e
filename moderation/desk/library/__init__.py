"""Replaces Wagtail's screens of pictures, documents and collections where they know nothing of orders and drafts."""
