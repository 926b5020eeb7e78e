"""Render nginx's configuration from the settings, and find where an installed one differs."""

import difflib
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from home.pagecache import arguments, kinds
from moderation.sign_in import devices

from .bounds.table import RETRY_AFTER, get_table

#: Changes of the configuration that a message quotes, in lines.
_MAX_QUOTED = 12


def render() -> str:
    """Return the text of nginx's site; raise ImproperlyConfigured where a setting cannot be served by it."""
    authority = urlsplit(settings.SITE_URL).netloc
    host = urlsplit(settings.SITE_URL).hostname
    if urlsplit(settings.SITE_URL).scheme != "https" or not host:
        raise ImproperlyConfigured("SITE_URL must begin with https:// and name the site's host.")
    others = [name for name in settings.ALLOWED_HOSTS if name != host]
    if "*" in others:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of the site one by one.")
    files = [kind for kind in kinds.KINDS if kind.form.pattern != "/$"]
    page = {
        # Names in nginx's configuration are common to all its sites.
        "prefix": f"situs_{settings.OFFICE}" if settings.OFFICE else "situs",
        "shares_machine": bool(settings.OFFICE),
        "site_name": settings.NGINX_CONF.name,
        "authority": authority,
        "authority_pattern": re.escape(authority),
        "read_arguments": arguments.READ_PATTERN,
        "plain_arguments": arguments.PLAIN_PATTERN,
        "host": host,
        "hosts": " ".join([host, *others]),
        "other_hosts": " ".join(others),
        "app_address": settings.WEB_BIND,
        "data_dir": settings.DATA_DIR,
        "certificate": settings.TLS_CERTIFICATE,
        "certificate_key": settings.TLS_CERTIFICATE_KEY,
        "challenge_dir": settings.ACME_ROOT,
        "accel_prefix": settings.ACCEL_PREFIX,
        "max_body": settings.MAX_REQUEST_BYTES,
        "timeout": settings.REQUEST_SECONDS,
        "endings": [(kind.form.pattern, kind.ending) for kind in files],
        "suffixes": "|".join(sorted({kind.form.pattern.rpartition(".")[2].rstrip("$") for kind in files})),
        "types": [(kind.content_types[0], kind.ending.rpartition(".")[2]) for kind in kinds.KINDS],
        "admin_path": settings.ADMIN_PATH,
        "headers": [(name.title(), value) for name, value in sorted(kinds.get_repeated("/").items())],
        "hsts": kinds.get_repeated("/").get("strict-transport-security"),
        "robots": kinds.ROBOTS,
        "bounds": get_table(),
        "readers_log": settings.READERS_LOG,
        "session_cookie": settings.SESSION_COOKIE_NAME.removeprefix("__Host-"),
        "device_cookie": devices.COOKIE,
        "retry_after": RETRY_AFTER,
    }
    return render_to_string("server/nginx.conf", page)


def render_shared() -> str:
    """Return what the sites of several offices need once in nginx's configuration."""
    return render_to_string("server/nginx-shared.conf", {"own_file": True})


def find_drift() -> list[str]:
    """Return the lines in which the installed file differs from the rendered one; none where nothing is installed."""
    if not settings.NGINX_CONF.is_file():
        return []
    installed = settings.NGINX_CONF.read_text().splitlines()
    lines = difflib.unified_diff(installed, render().splitlines(), "installed", "settings", lineterm="", n=0)
    return list(lines)[2:]


def check_installed(app_configs, **kwargs) -> list[Error]:
    """Refuse an installed configuration that says something else than the settings."""
    drift = find_drift()
    if not drift:
        return []
    return [
        Error(
            f"{settings.NGINX_CONF} differs from the settings:\n" + "\n".join(drift[:_MAX_QUOTED]),
            hint="Write it anew: manage.py nginx_conf --write, then nginx -t and systemctl reload nginx.",
            id="home.E001",
        )
    ]
