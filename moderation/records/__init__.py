"""Lists what the chain produced, on screen and on paper."""
