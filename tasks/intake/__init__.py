"""Taking files into the archive: each is recognised by its content and kept unchanged."""
