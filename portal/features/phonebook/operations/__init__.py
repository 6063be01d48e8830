"""What is done with phonebooks."""

from portal.features.phonebook.operations.ends import forget_line as forget_line
