"""Search over everything public: the same results on SQLite and on PostgreSQL."""
