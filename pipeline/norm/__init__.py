"""Norms as data: what is asked of a document, how it is seen, and the rules about those rules."""
