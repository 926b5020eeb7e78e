"""Settings of development and `make run`: one machine, SQLite, mail and posts on the console."""

from kecamatan_site.settings.env import CONSOLE, env, read_env_file

read_env_file()

from kecamatan_site.settings.base import *  # noqa: E402

# SQLite does not create the folder of its file, and WhiteNoise warns where STATIC_ROOT is missing.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY", default="for development only, never on a public machine")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CHANNEL_ALLOW_LOOPBACK = env.bool("CHANNEL_ALLOW_LOOPBACK", default=True)
SOCIAL_CHANNELS = CONSOLE

# Serve static files from the source folders, without collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DEMO_ALLOWED = True
