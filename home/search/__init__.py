"""Full-text search of the public site, with the same results on SQLite and PostgreSQL."""
