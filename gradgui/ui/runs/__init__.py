"""The runs that are kept, to be looked through and opened again."""
