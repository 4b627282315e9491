"""How a store came to be what it is: one step a file in ``versions/``, run by alembic when a store is opened."""
