"""One package a contract, named like the contract; each gives its `service`. Nothing lists or imports them."""
