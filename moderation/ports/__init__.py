"""What other rooms and apps may build upon without knowing the chain."""
