"""Hundreds of runs at once: the map of two varied things, the curve of one, and all losses over the epochs."""
