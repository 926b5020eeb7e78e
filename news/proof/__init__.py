"""Reads what proves and corrects an item that citizens see."""
