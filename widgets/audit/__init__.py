"""Who looked at what: for whoever looks after the audit, and for a family that asks."""
