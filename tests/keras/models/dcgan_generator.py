import keras
from keras import layers

model = keras.Sequential()
model.add(keras.Input(shape=(100,)))
model.add(layers.Dense(7 * 7 * 64, use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.LeakyReLU())
model.add(layers.Reshape((7, 7, 64)))
model.add(layers.Conv2DTranspose(32, (5, 5), strides=(1, 1), padding="same", use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.LeakyReLU())
model.add(layers.Conv2DTranspose(16, (4, 4), strides=(2, 2), padding="same", use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.LeakyReLU())
model.add(layers.Conv2DTranspose(1, (4, 4), strides=(2, 2), padding="same", activation="tanh"))
