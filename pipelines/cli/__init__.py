"""`dif`, the command line: names and help in `main`, what each command does in `commands`."""
