"""Re-export the encrypted field under the path that a migration names."""

from .models.fields import EncryptedJSONField, Secret

__all__ = ["EncryptedJSONField", "Secret"]
