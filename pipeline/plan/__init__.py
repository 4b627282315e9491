"""A pre-filled ontwikkelingsperspectief: what documents say, field by field, and the Word document that shows it."""
