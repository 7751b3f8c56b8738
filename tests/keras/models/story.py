from keras.layers import Activation, BatchNormalization, Conv2D, Dropout, MaxPooling2D
from keras.models import Sequential

img_size = (32, 32, 3)

model = Sequential()
model.add(Conv2D(64, (3, 3), input_shape=img_size))
model.add(BatchNormalization(axis=1))
model.add(Activation("relu"))
model.add(Dropout(0.3))
model.add(Conv2D(64, (3, 3), padding="same"))
model.add(BatchNormalization(axis=1))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="same"))
