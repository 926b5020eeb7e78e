"""Tags of the guide."""
