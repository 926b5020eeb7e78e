"""The project: settings, URLs, Indonesian formats and catalogue, installer, launcher of the demo, doctor."""
