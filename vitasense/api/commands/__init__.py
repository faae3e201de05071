"""The words of the `vitasense` command, one file for each noun."""
