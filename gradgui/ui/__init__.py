"""What a person sees: the window, its panels and plots."""
