"""From archived bytes to versions in the warehouse: staged, validated, conformed, loaded in one transaction a partition."""
