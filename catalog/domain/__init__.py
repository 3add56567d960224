"""The field's rules as pure functions of plain values: borders, identity numbers, pricing, self-cost, allocation."""
