"""What citizens are served, as the proof asks for it."""
