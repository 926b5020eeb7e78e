"""The SOP in force: news goes live only through its steps, each guarded and on record."""
