"""The databases of the tests: a server of their own, a migrated template, what is kept between tests, plain SQL."""
