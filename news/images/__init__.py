"""Makes pictures fit to publish: checked, shrunk, encoded, in fixed shapes."""
