import keras
from keras import layers

model = keras.Sequential(
    [
        layers.Input((500, 1)),
        layers.Conv1D(filters=64, kernel_size=3, padding="same"),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv1D(filters=64, kernel_size=3, padding="same"),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.GlobalAveragePooling1D(),
        layers.Dense(2, activation="softmax"),
    ]
)
