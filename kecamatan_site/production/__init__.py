"""Makes a Debian 12 machine run the site: install, upgrade. Standard library only: it runs before ``.venv`` exists."""
