"""The worksheet and what is written into its forms, in a browser."""
