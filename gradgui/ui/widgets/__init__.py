"""Fields and labels that several panels use."""
