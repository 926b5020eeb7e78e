"""What tests share: people, servers, databases, browsers, judges."""
