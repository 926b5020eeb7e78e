"""Keep the addresses at which citizens read what was verified: guards of the ORM and triggers of the database."""
