"""The steps: archive, stage, validate, conform, load, check, publish. Plain functions; flows wrap them."""
