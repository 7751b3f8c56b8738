from keras import Input, Sequential
from keras.layers import BatchNormalization, Conv2D, Dense, Flatten, MaxPool2D, ReLU


def build():
    model = Sequential()
    model.add(Input((48, 48, 3)))
    for filters in (16, 32, 64):
        for _ in range(2):
            model.add(Conv2D(filters, 3, padding="same", use_bias=False))
            model.add(BatchNormalization())
            model.add(ReLU())
        model.add(MaxPool2D())
    model.add(Flatten())
    model.add(Dense(128, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    return model


model = build()
