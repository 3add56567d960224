"""The commands of `dif`, one module a subject; each is loaded when called, so that help answers at once."""
