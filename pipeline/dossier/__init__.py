"""A pupil's file: which documents it holds, what a decision still misses, and how far a procedure is."""
