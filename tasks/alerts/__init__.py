"""What is wrong now, and telling it to whoever runs the warehouse, once a cause."""
