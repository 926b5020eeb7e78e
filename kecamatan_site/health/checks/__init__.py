"""What the doctor looks at: a small function for each row, which changes nothing."""
