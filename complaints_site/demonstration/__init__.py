"""An invented landlord with invented people and complaints, to try the product with."""
