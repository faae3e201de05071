"""One module a suite; each has `figures(data)`, which measures and yields its figures."""
