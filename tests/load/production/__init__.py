"""``make try-production``: installs, repeats, upgrades and breaks off the site on a bare Debian 12."""
