"""From a document and a norm to findings, and from findings to what people read."""
