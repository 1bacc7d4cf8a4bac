"""The training loop itself: the only room that imports torch."""
