"""The pages behind a login: the only part that speaks HTTP. Routers in ``routes`` are found by themselves."""
