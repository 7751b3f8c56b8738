from keras import Sequential
from keras.layers import Conv1D, Dense, Dropout, Embedding, GlobalMaxPooling1D, Input

max_features, maxlen = 500, 40

model = Sequential()
model.add(Input((maxlen,)))
model.add(Embedding(max_features, 16))
model.add(Dropout(0.2))
model.add(Conv1D(25, 3, padding="valid", activation="relu", strides=1))
model.add(GlobalMaxPooling1D())
model.add(Dense(25, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
