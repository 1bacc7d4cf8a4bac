"""The drawing of the graph behind a loss."""
