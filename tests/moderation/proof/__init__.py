"""The proof, its cost and its witness."""
