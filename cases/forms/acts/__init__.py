"""The forms of the acts of the procedure, by what the acts are about."""
