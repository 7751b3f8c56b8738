"""What the evaluator knows of Python's library and of torch, a file a subject; see `padlint.evaluate.registry`."""
