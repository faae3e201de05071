"""Documents of the record: cut into passages, searched, quoted."""
