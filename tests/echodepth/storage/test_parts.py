import pytest

from echodepth.storage.parts import MIB, MOST_PARTS, PART_SIZE, part_size, sizes


@pytest.mark.parametrize("size", [1, PART_SIZE, 5_000_000_000, 5 * 10**12])
def test_no_object_has_more_parts_than_storage_takes(size):
    part = part_size(size)

    assert part % MIB == 0
    assert part >= PART_SIZE
    assert len(sizes(size, part)) <= MOST_PARTS


def test_the_last_part_is_what_is_left():
    assert sizes(20, 8) == [8, 8, 4]
    assert sizes(16, 8) == [8, 8]
    assert sizes(3, 8) == [3]
