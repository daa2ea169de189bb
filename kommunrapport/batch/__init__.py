"""Den obevakade körningen: alla öppna perioder, utan att någon ser på."""
