"""What a result rests on, as a hash: bytes, code, SQL, schemas and reference tables."""
