"""Facebook, Instagram and Threads, through Meta's Graph API."""
