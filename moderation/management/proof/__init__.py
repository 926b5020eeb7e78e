"""Proves, in parts, that register, orders, tasks, log, pages and addresses agree, in both directions."""
