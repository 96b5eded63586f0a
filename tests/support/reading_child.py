"""A child, bound as the real one is, that reads all of a file: probe, scan for cuts, every picture."""

from dataclasses import asdict

from analysis.confined import child
from analysis.engine.decode import FrameReader
from analysis.engine.probe import Limits, probe
from analysis.engine.scan import scan


def read(facts):
    limits = Limits(**facts["limits"])

    def work(media, say):
        info = probe(media, limits)
        scan(media, info, limits)
        frames = 0
        with FrameReader(media, info, limits) as reader:
            for frames, _ in enumerate(reader, start=1):
                say({"progress": ["analysing", frames, None]})
        return {"frames": frames, "truncated": reader.truncated, "width": asdict(info)["width"]}

    return work


CALLS = {"read": read}

if __name__ == "__main__":
    child.main(CALLS)
