"""What decides a run: plain Python, without torch, Qt or numpy."""
