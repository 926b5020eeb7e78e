"""Proves that tests notice when a guard, a trigger, an invariant's check or the lease is taken away.

``table`` says what is taken away and who must notice, ``removal`` how, ``plugin`` does it inside a run of
pytest, ``runner`` makes the runs, ``__main__`` prints the table. A new guard is one row of the table.
"""
