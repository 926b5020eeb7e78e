"""Facebook, Instagram and Threads, behind Meta's Graph API."""
