"""Every form in which people import and write the same model is read as the same model."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_whole_models import rows, told

BODY = "Sequential([{p}Input((32, 32, 3)), {p}Conv2D(8, 3), {p}MaxPooling2D(), {p}Flatten(), {p}Dense(2)])\n"
ADD = (
    "model = {q}Sequential()\nmodel.add({p}Conv2D(8, 3, {shape}))\nmodel.add({p}MaxPooling2D())\n"
    "model.add({p}Flatten())\nmodel.add({p}Dense(2))\n"
)
FORMS = {
    "keras": "import keras\nmodel = keras." + BODY.format(p="keras.layers."),
    "from keras": "from keras import Sequential, layers\nmodel = " + BODY.format(p="layers."),
    "as": "import keras as K\nfrom keras import layers as L\nmodel = K.models." + BODY.format(p="L."),
    "tf.keras": "import tensorflow as tf\nmodel = tf.keras." + BODY.format(p="tf.keras.layers."),
    "tf layers": "import tensorflow as tf\nlayers = tf.keras.layers\nmodel = tf.keras.Sequential()\n"
    "for each in [layers.Input((32, 32, 3)), layers.Conv2D(8, 3), layers.MaxPool2D(), layers.Flatten()]:\n"
    "    model.add(each)\nmodel.add(layers.Dense(2))\n",
    "from tensorflow": "from tensorflow import keras\nmodel = keras." + BODY.format(p="keras.layers."),
    "tensorflow.keras": "from tensorflow.keras.models import Sequential\n"
    "from tensorflow.keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D\nmodel = " + BODY.format(p=""),
    "import tensorflow.keras": "import tensorflow.keras as k\nmodel = k.models." + BODY.format(p="k.layers."),
    "old homes": "from keras.layers.convolutional import Conv2D, MaxPooling2D\nfrom keras.layers.core import Dense, Flatten\n"
    "from keras.models import Sequential\n" + ADD.format(q="", p="", shape="input_shape=(32, 32, 3)"),
    "batch_input_shape": "import keras\nfrom keras import layers as l\n"
    + ADD.format(q="keras.", p="l.", shape="batch_input_shape=(None, 32, 32, 3)"),
    "function": "from keras import Sequential, layers\n\n\ndef model():\n    return " + BODY.format(p="layers."),
    "attribute": "from keras import Sequential, layers\n\n\nclass Trainer:\n    def __init__(self):\n        self.model = "
    + BODY.format(p="layers."),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str, tmp_path: Path) -> None:
    file = tmp_path / "form.py"
    file.write_text(FORMS[form], encoding="utf-8")
    entry = told(file)
    assert entry["input_shape"] == [None, 32, 32, 3]
    assert rows(entry) == [
        ("conv2d", "Conv2D", (None, 30, 30, 8), 224, 224),
        ("max_pooling2d", "MaxPooling2D", (None, 15, 15, 8), 0, 0),
        ("flatten", "Flatten", (None, 1800), 0, 0),
        ("dense", "Dense", (None, 2), 3602, 3602),
    ]
