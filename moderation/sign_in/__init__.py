"""Signs people in: guesses are slow, a second factor asked for, devices known, sessions ended."""
