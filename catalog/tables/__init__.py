"""The contracts, a module a subject: streams, registers, datasets."""
