from keras import Sequential
from keras import layers as L

model = Sequential(
    [
        L.Input((65, 65, 3)),
        L.Conv2D(16, 3, strides=2, padding="same", use_bias=False),
        L.BatchNormalization(),
        L.Activation("relu"),
        L.SeparableConv2D(32, 3, padding="same", activation="relu"),
        L.MaxPooling2D(3, strides=2, padding="same"),
        L.SeparableConv2D(64, 3, strides=2, padding="same"),
        L.GlobalAveragePooling2D(),
        L.Dense(5),
    ]
)
