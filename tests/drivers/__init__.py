"""The claims of the drivers, tried on the libraries themselves."""
