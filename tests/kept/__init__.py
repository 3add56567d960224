"""Small homes as earlier versions of the product left them, for the tests of an upgrade."""
