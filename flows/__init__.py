"""The orchestrator around the steps: a whole folder at once, document by document in processes of their own."""
