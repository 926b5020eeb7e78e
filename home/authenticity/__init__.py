""" "Asli atau hoaks?": says whether a text, a link or a card came from this office."""
