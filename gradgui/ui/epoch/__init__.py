"""Inside this epoch: the loop as code, its numbers, its graph, and how to break it."""
