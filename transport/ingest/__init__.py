"""The ways in: forms, readers, validation, inbox, registers."""
