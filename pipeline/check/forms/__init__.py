"""Forms about one pupil: their labels and answers, and what of it counts. Below ``kinds/field.py``, which looks."""
