"""Bytes to a typed Document: knows file formats and places, knows no norm."""
