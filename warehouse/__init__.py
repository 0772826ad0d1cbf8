"""The database: connection, SQL, reference tables and the bundled figures."""
