"""The run's epochs as a table and as a timeline."""
