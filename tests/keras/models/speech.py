import keras

model = keras.Sequential()
model.add(keras.layers.Input((99, 40)))
model.add(keras.layers.Permute((2, 1)))
model.add(keras.layers.Conv1D(8, 5, strides=2, activation="relu"))
model.add(keras.layers.MaxPooling1D(3, strides=2, padding="same"))
model.add(keras.layers.Reshape((-1, 8)))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(4, activation="softplus"))
