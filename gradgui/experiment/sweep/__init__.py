"""Hundreds of runs that differ in one thing or in two."""
