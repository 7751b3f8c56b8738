import keras
from keras import layers

model = keras.Sequential([keras.Input(shape=(None, None, 1))])
model.add(layers.Conv2D(16, 5, activation="relu", padding="same"))
model.add(layers.Conv2D(16, 3, activation="relu", padding="same"))
model.add(layers.Conv2DTranspose(1, 3, strides=3))
