"""The report site: pages of figures that can be looked at instead of queried, each number with its source."""
