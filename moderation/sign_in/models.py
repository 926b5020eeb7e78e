"""Models of the sign-in: what was guessed wrongly, and the devices that people signed in from."""

from django.conf import settings
from django.db import models


class SignInAttempt(models.Model):
    """One attempt that counts against a limit; see ``moderation.sign_in.throttle``."""

    #: SHA-256 of what is limited: an account from an address, an address, an account.
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "percobaan masuk"
        verbose_name_plural = "percobaan masuk"
        indexes = [models.Index(fields=["key", "at"], name="sign_in_attempt_key")]

    def __str__(self):
        return f"{self.key[:8]} {self.at}"


class KnownDevice(models.Model):
    """A browser from which a user has signed in; it carries a random token as a cookie."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: SHA-256 of the cookie's token, which is stored nowhere.
    token_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "perangkat dikenal"
        verbose_name_plural = "perangkat dikenal"
        constraints = [models.UniqueConstraint(fields=["user", "token_hash"], name="known_device_once")]

    def __str__(self):
        return self.name
