"""The services that own the data and the rules; no language model is called from here."""
