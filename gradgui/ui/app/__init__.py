"""What the program needs before there is a window."""
