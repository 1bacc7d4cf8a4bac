"""The training loop as lines of Python: what is shown, what runs, and what is exported."""
