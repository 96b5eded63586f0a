"""The analysis engine: from a media file to Action Units and findings.

Pure Python over numpy, OpenCV, PyAV, onnxruntime and pyarrow. It imports nothing of
Django and nothing else of ours, reads no settings, opens no socket and keeps no
global state; a test holds it to that.
"""

ENGINE_VERSION = "0.1.0"
