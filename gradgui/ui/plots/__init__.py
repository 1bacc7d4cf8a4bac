"""Plots that follow a run."""
