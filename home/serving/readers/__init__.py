"""How often citizens opened an item: counted from the front server's own log, by day, with nothing of a reader."""
