"""Jinja2 templates as package data: loops and ifs, no decisions."""
