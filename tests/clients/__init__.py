"""Whether other programs can read the published file: ``make clients``."""
