"""A report written back into the school's own document: as comments in Word, as annotations in a PDF."""
