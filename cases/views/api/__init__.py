"""What other programs ask: the interface described by /api/v1/openapi.json."""
