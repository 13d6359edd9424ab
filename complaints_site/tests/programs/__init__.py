"""Programs that join in with a key."""
