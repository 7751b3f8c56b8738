"""A Keras model as PyTorch source: what a port is written with, a writer for each layer, the module."""
