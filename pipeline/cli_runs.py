"""The commands on runs and results: nightly, history, diff, status, doctor."""
