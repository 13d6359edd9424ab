"""The site: settings, addresses, web server and background clock."""
