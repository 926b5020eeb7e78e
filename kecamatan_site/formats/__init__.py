"""Indonesian formats (``FORMAT_MODULE_PATH``)."""
