"""The help in the window: guide, glossary, and what a control is for."""
