"""What publishers sent, as it came: bytes under their hash, archives that are looked into, files that are examined."""
