"""What a source declares and provides: its datasets, its service, and the kinds of facts its rows become."""
