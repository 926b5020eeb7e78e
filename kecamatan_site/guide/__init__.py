"""The user guide in Indonesian: its pages, which of them explains which screen, and a new office's first steps."""
