"""Work on files, each in a thread of its own."""
