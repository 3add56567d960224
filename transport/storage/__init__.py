"""Landing and journal: batches kept once, for good, wherever they lie."""
