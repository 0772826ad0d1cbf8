"""The campaign: faulty answers of publishers, killed commands, and what becomes of the figures; see docs/reliability.md."""
