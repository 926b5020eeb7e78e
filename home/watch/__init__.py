"""Watches what citizens receive: public pages as they arrive, against what this version renders of the database."""
