"""What every other part stands on: settings, files written whole or not at all, hashes of content, addresses."""
