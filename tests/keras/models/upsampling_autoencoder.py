from keras.layers import Conv2D, Input, MaxPooling2D, UpSampling2D
from keras.models import Model

input_img = Input(shape=(30, 30, 3))
x = Conv2D(16, 3, activation="relu", padding="same")(input_img)
x = MaxPooling2D(2, padding="same")(x)
x = Conv2D(8, 3, activation="relu", padding="same")(x)
encoded = MaxPooling2D(3, padding="same")(x)
x = UpSampling2D(3)(encoded)
x = Conv2D(16, 3, activation="relu", padding="same")(x)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(3, 3, activation="sigmoid", padding="same")(x)
model = Model(inputs=input_img, outputs=decoded)
