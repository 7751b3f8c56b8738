from keras import Sequential
from keras.layers import BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D

model = Sequential(
    [
        Input((3, 32, 32)),
        Conv2D(8, 3, padding="same", data_format="channels_first", activation="relu"),
        BatchNormalization(axis=1),
        MaxPooling2D(2, data_format="channels_first"),
        Conv2D(16, 3, strides=2, padding="same", data_format="channels_first", activation="relu"),
        Flatten(),
        Dense(10),
    ]
)
