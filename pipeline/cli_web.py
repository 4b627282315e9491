"""The command line of the pages behind a login: serve and account. Like ``cli``, loads late."""
