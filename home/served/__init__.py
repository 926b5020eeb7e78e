"""What citizens get: asks the site for what was published and taken down, and the links for an answer."""
