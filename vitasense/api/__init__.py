"""The edge: HTTP, the command line and the worker, put together in one place."""
