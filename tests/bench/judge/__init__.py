"""``make judge``: how well the site reads what an office really has, and what citizens type."""
