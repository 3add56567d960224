"""The contracts, one module per subject: streams, registers, datasets."""
