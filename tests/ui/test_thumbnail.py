import base64
import re
import zlib

import numpy as np

from seqlab.ui.thumbnail import thumbnail


def pixels(element):
    data = base64.b64decode(re.search(r"base64,([^\"]+)", element).group(1))
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    at = data.index(b"IDAT")
    rows = zlib.decompress(data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at])])
    return np.frombuffer(rows, dtype=np.uint8).reshape(height, width + 1)[:, 1:]


def test_an_image_is_the_values_from_black_to_white():
    values = np.zeros((8, 8))
    values[2, 5] = 1.0
    shown = pixels(thumbnail(values, 0.0, 1.0, down=True))
    assert np.argwhere(shown == 255).tolist() == [[2, 5]]
    assert np.argwhere(pixels(thumbnail(values, 0.0, 1.0)) == 255).tolist() == [[5, 2]]  # steps to the right


def test_a_film_is_its_frames_side_by_side():
    values = np.zeros((3, 16))
    values[1, 4] = 1.0  # second frame, second row
    assert np.argwhere(pixels(thumbnail(values, 0.0, 1.0)) == 255).tolist() == [[1, 5]]


def test_a_sequence_without_spread_or_with_one_step_is_drawn():
    assert "image/svg" in thumbnail(np.ones((1, 1)), 1.0, 1.0)
