"""WhatsApp and paper: a ready package for what a person shares by hand, and the record of it."""
