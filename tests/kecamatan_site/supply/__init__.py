"""What the product is made of: the Pythons it runs on, licences, advisories, a bill of materials, newest versions."""
