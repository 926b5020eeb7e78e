"""``make walk``: an office's first day in a browser, from an empty site to its first live item, clicks counted."""
