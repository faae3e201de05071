"""The ground every room stands on: settings, time, access, database, events, telemetry."""
