"""One module a suite, which declares it as SUITE."""
