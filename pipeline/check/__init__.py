"""Document and norm to findings: passages, what they say, whose statement it is, and the verdict that follows."""
