"""Lessons in the window: their panel, predictions, and what a lesson shows, hides and lights."""
