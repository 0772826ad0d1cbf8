"""Checking the whole warehouse, and making a release of it that readers open."""
