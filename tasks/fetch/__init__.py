"""Asking a publisher's service politely, and believing nothing it says: ``tasks.fetch.pull.pull`` is the way in."""
