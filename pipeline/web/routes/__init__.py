"""The addresses of the pages. Each module has a ``router``; what a router starts in its lifespan ends with the app."""
