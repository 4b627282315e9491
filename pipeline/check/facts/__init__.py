"""Which school a document is of, its sector and its school year: one module for each thing that is known."""

from pipeline.check.facts.name import told_by_name
from pipeline.check.facts.school import Facts, school_facts

__all__ = ["Facts", "school_facts", "told_by_name"]
