"""Names, addresses and e-mails. Several customers may share a contact; only the e-mail is required."""
