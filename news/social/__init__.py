"""Posts what went live to the ordered networks, exactly once, and follows each post up."""
