"""How good the checks are, as numbers of documents and verdicts that people labelled."""
