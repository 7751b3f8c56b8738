import keras
from keras import layers

inputs = keras.Input((16, 32, 32, 1))
x = layers.Conv3D(filters=8, kernel_size=3, activation="relu")(inputs)
x = layers.MaxPool3D(pool_size=2)(x)
x = layers.BatchNormalization()(x)
x = layers.Conv3D(filters=16, kernel_size=3, strides=2, padding="same", activation="relu")(x)
x = layers.AveragePooling3D(2)(x)
x = layers.BatchNormalization()(x)
x = layers.GlobalAveragePooling3D()(x)
x = layers.Dense(units=32, activation="relu")(x)
outputs = layers.Dense(units=1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs, name="3dcnn")
