"""HTTP as the suite speaks it: requests exactly as given, responses exactly as received."""
