"""Tags for the templates of the news."""
