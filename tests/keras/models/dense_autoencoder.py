import keras

model = keras.Sequential(
    [keras.layers.Dense(32, activation="relu", input_dim=784), keras.layers.Dense(784, activation="sigmoid")]
)
