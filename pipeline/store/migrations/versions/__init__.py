"""The steps, oldest first by their number. A step that was released never changes."""
