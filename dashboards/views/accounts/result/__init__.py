"""From income to result: categories, months, common costs, years and quarters."""
