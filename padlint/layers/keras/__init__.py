"""The catalogue of Keras's layers: one declaration a layer, one file a family."""
