"""The face networks: fetched once as part of one pinned wheel, written as ONNX for `engine.runtime`.

Used when an installation is set up (`manage.py prepare_models`, or `python -m analysis.facemodels FOLDER`);
an analysis needs only what it leaves behind.
"""
