"""Makes an item's public picture files ahead of readers, and removes them with it."""
