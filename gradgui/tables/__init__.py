"""Reading other programs' numbers."""
