from keras import Sequential, layers


def block(model, filters, strides):
    model.add(layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False))
    model.add(layers.BatchNormalization(epsilon=1e-3, momentum=0.99))
    model.add(layers.ReLU(6.0))
    model.add(layers.Conv2D(filters, 1, use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU(max_value=6))


model = Sequential([layers.Input((56, 56, 3)), layers.ZeroPadding2D(((0, 1), (0, 1))), layers.Conv2D(8, 3, 2)])
block(model, 16, 1)
block(model, 32, 2)
block(model, 32, 2)
model.add(layers.GlobalMaxPooling2D())
model.add(layers.Dense(7, activation="softmax"))
