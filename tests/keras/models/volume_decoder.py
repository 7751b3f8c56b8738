import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((4, 4, 4, 3)),
        layers.Conv3DTranspose(4, 4, strides=2, padding="same", activation="relu"),
        layers.UpSampling3D((1, 2, 2)),
        layers.Cropping3D(1),
        layers.Conv3DTranspose(2, 3, padding="valid"),
        layers.ZeroPadding3D(1),
        layers.GlobalMaxPooling3D(),
    ]
)
