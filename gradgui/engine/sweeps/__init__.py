"""Training hundreds of runs."""
