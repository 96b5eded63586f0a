import pytest

from analysis.domain.intake.first_bytes import LOOKED_AT, Kind, foreign, refuse_foreign
from echodepth.errors import UserError
from tests.support import clips


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"MZ\x90\0", Kind.PROGRAM),
        (b"\x7fELF\x02", Kind.PROGRAM),
        (b"#!/bin/sh\n", Kind.PROGRAM),
        (b"PK\x03\x04", Kind.ARCHIVE),
        (b"\x1f\x8b\x08", Kind.ARCHIVE),
        (b"a.mp4".ljust(257, b"\0") + b"ustar", Kind.ARCHIVE),
        (b"%PDF-1.7", Kind.DOCUMENT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.DOCUMENT),
        (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
        (b"RIFF\0\0\0\0WEBPVP8L", Kind.PICTURE),
        (b"\xef\xbb\xbf#EXTM3U\n", Kind.TEXT),
        (b"ffconcat version 1.0\n", Kind.TEXT),
        (b"\n <!DOCTYPE html>", Kind.TEXT),
    ],
)
def test_what_is_plainly_no_video_is_told_by_name(head, kind):
    assert foreign(head) is kind
    with pytest.raises(UserError) as refused:
        refuse_foreign(head)
    assert refused.value.code == "type_not_allowed"
    assert "not a video" in str(refused.value.sentence)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"This is a letter",
        b"\0\0\0\x20ftypisom",
        b"\x1a\x45\xdf\xa3",
        b"RIFF\0\0\0\0AVI LIST",
        b"\x47\x40\x11\x10",
        b"OggS\0\x02",
        b"FLV\x01",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        b"\0\0\x01\xba",
    ],
)
def test_what_may_be_a_video_passes(head):
    assert foreign(head) is None
    refuse_foreign(head)


def test_a_video_passes(tmp_path):
    head = clips.portrait_clip(tmp_path / "clip.mp4", frames=6).read_bytes()[:LOOKED_AT]
    assert foreign(head) is None
