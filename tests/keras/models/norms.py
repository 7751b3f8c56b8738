from keras import Sequential, layers

model = Sequential(
    [
        layers.Input((16, 16, 8)),
        layers.Conv2D(16, 3, padding="same", groups=2),
        layers.GroupNormalization(groups=4),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Conv2D(8, 3, activation="gelu"),
        layers.LayerNormalization(),
        layers.SpatialDropout2D(0.1),
        layers.Conv2D(4, 3, activation="swish"),
        layers.BatchNormalization(scale=False, momentum=0.9, epsilon=1e-5),
        layers.ELU(),
        layers.Flatten(),
        layers.Dense(6),
        layers.BatchNormalization(center=False),
        layers.Softmax(),
    ]
)
