import keras
from keras import layers

model = keras.Sequential(
    [
        layers.Input((30, 6)),
        layers.LSTM(16, return_sequences=True),
        layers.GRU(12),
        layers.RepeatVector(5),
        layers.LSTM(8, return_sequences=True),
        layers.TimeDistributed(layers.Dense(2)),
    ]
)
