"""Offers signals, registries and errors that other rooms and apps may import without the chain."""
