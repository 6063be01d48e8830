"""Names for numbers: a company's own phonebook, shared by everybody in it, and one of each person's own."""
