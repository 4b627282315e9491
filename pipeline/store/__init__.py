"""Results over time, in a database: runs, documents, findings, decisions by people. Opens no documents."""
