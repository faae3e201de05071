"""Documents that were read for knowledge: cut into passages, searched, quoted."""
