"""Front page, reference pages, office settings, and what surrounds the news on the public site."""
