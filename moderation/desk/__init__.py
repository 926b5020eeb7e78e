"""The screens of the people of the chain."""
