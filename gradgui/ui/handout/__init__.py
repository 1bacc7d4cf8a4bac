"""A run, or a comparison, as pages to hand out."""
