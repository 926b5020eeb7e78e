"""The user guide: each screen has its place, each quoted label its screen; and the pictures of the documents."""
