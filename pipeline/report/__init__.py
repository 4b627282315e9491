"""What people read of a check: one small module per format, all from ``pipeline.result`` alone."""
