from fractions import Fraction

import av
import numpy as np

from analysis.training.evaluation.films import write

SIZE = (64, 48)


def frames(count):
    for number in range(count):
        picture = np.full((SIZE[1], SIZE[0], 3), 40 + 20 * number, np.uint8)
        yield picture, np.full((44, 2), number, np.float32)


def test_a_film_reads_back_as_it_was_written(tmp_path):
    truth = write(tmp_path / "film.mp4", frames(5), Fraction(10), SIZE)

    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.video[0]
        read = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
        assert stream.average_rate == 10
    assert truth.shape == (5, 44, 2)
    assert truth[:, 0, 0].tolist() == [0, 1, 2, 3, 4]
    assert [round(float(picture.mean()), -1) for picture in read] == [40, 60, 80, 100, 120]
