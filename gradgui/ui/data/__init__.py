"""The points that the model is fitted to: edited in a table, imported, generated."""
