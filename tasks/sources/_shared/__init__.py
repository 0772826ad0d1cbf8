"""Readers that several sources of one publisher, or of one kind of file, have in common. No source is defined here."""
