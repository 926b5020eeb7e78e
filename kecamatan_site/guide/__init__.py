"""The user guide in Indonesian: its pages, and which of them explains which screen."""
