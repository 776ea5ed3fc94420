"""Requirements that a document says by itself, derived from it with the checks that judge them."""
