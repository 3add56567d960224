"""Landing and journal: batches kept once and for good, on any storage."""
