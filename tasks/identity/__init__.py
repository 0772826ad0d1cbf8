"""What a result depends on, as a hash: bytes, code, SQL, schemas and reference tables."""
