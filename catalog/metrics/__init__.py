"""What each number on a page is, example questions, and the functions of a release."""
