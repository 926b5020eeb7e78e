"""The project: settings, URLs, Indonesian formats and catalogue, installer and launcher of the demo."""
