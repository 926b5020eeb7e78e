"""The encrypted field, under the name by which a migration knows it."""

from .models.fields import EncryptedJSONField, Secret

__all__ = ["EncryptedJSONField", "Secret"]
