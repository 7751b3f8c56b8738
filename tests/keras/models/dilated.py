from keras import Sequential
from keras.layers import Conv2D, Cropping2D, Input, UpSampling2D, ZeroPadding2D

model = Sequential(
    [
        Input((40, 40, 1)),
        ZeroPadding2D(2),
        Conv2D(4, 3, dilation_rate=2, activation="relu"),
        Conv2D(4, 3, dilation_rate=(4, 2), padding="same", activation="relu"),
        Cropping2D(((1, 2), (3, 4))),
        UpSampling2D(2),
        Conv2D(1, 1, activation="sigmoid"),
    ]
)
