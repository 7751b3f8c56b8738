from keras import Sequential
from keras.layers import AveragePooling2D, Conv2D, Dense, Flatten, Input, MaxPooling2D

model = Sequential(
    [
        Input((29, 35, 2)),
        Conv2D(4, 4, padding="same", activation="relu"),
        MaxPooling2D(3, strides=2, padding="same"),
        Conv2D(4, (3, 5), strides=(2, 3), padding="same", activation="selu"),
        AveragePooling2D(2, padding="same"),
        Conv2D(8, 2, padding="same"),
        Flatten(),
        Dense(3),
    ]
)
