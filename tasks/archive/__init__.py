"""The archive: publishers' bytes under their hash, reading zip, gz and 7z files, and sniffing files to recognise them."""
