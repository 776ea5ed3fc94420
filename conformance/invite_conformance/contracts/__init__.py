"""What the suite knows of each contract: a folder for each, which nothing lists."""
