"""What an assessment says, for people: text in 80 columns, one HTML page, figures."""
