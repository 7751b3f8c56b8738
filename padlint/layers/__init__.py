"""The catalogue of layers: one declaration a layer, one file a family."""
