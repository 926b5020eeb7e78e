"""Cards of an item: its title, date, office and code as a picture, drawn from the sealed text."""
