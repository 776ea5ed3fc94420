"""OpenAPI documents served as they are: no rules, no state, answers by what the document says alone."""
