"""Devices: files of vendors, data quality, ingest."""
