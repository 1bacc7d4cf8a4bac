"""The training loop in its own thread, spoken to by queued signals."""
