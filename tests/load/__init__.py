"""What ``make chaos`` and ``make bench-push`` share: real worker processes on a database of their own."""
