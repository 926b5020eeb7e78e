"""Lists and documents derived from the chain, for screen and print."""
