"""The panel that says what is trained."""
