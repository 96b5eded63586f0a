"""A hand-made face of 478 landmarks that can make expressions, turn its head and be put into a picture.

Places are in the face's own frame (`engine.geometry`): rounded to what any adult face might have.
Landmarks that nothing reads lie on an ellipsoid.
"""

import numpy as np

from analysis.engine.types import CODE, LANDMARKS, Rows

PLACES = {
    # (person's right, left): x of the left one, y, z
    (0, 0): (0.00, -0.681, 0.35),
    (2, 2): (0.00, -0.506, 0.33),
    (6, 6): (0.00, -0.031, 0.29),
    (8, 8): (0.00, 0.150, 0.23),
    (9, 9): (0.00, 0.245, 0.24),
    (10, 10): (0.00, 0.603, 0.15),
    (13, 13): (0.00, -0.748, 0.29),
    (14, 14): (0.00, -0.756, 0.30),
    (17, 17): (0.00, -0.850, 0.32),
    (21, 251): (0.71, 0.249, -0.33),
    (33, 263): (0.50, 0.000, 0.00),
    (37, 267): (0.08, -0.664, 0.34),
    (39, 269): (0.15, -0.692, 0.30),
    (40, 270): (0.20, -0.725, 0.26),
    (50, 280): (0.52, -0.385, 0.08),
    (52, 282): (0.44, 0.214, 0.14),
    (55, 285): (0.15, 0.162, 0.21),
    (61, 291): (0.26, -0.779, 0.16),
    (63, 293): (0.56, 0.231, 0.04),
    (67, 297): (0.38, 0.558, 0.06),
    (70, 300): (0.63, 0.162, -0.05),
    (78, 308): (0.24, -0.774, 0.18),
    (81, 311): (0.12, -0.749, 0.26),
    (82, 312): (0.06, -0.748, 0.28),
    (84, 314): (0.08, -0.850, 0.31),
    (87, 317): (0.06, -0.756, 0.29),
    (101, 330): (0.37, -0.287, 0.13),
    (103, 332): (0.54, 0.490, -0.06),
    (105, 334): (0.46, 0.270, 0.13),
    (107, 336): (0.17, 0.258, 0.23),
    (109, 338): (0.20, 0.591, 0.13),
    (117, 346): (0.58, -0.194, 0.01),
    (118, 347): (0.49, -0.218, 0.07),
    (127, 356): (0.76, -0.066, -0.57),
    (129, 358): (0.22, -0.416, 0.20),
    (131, 360): (0.17, -0.336, 0.36),
    (133, 362): (0.20, -0.012, 0.07),
    (144, 373): (0.41, -0.033, 0.07),
    (145, 374): (0.36, -0.037, 0.09),
    (148, 377): (0.14, -1.240, 0.14),
    (152, 152): (0.00, -1.253, 0.15),
    (153, 380): (0.30, -0.033, 0.09),
    (158, 385): (0.29, 0.049, 0.09),
    (159, 386): (0.33, 0.051, 0.09),
    (160, 387): (0.43, 0.048, 0.08),
    (162, 389): (0.75, 0.109, -0.47),
    (164, 164): (0.00, -0.564, 0.32),
    (168, 168): (0.00, 0.058, 0.24),
    (178, 402): (0.12, -0.757, 0.27),
    (195, 195): (0.00, -0.179, 0.41),
    (197, 197): (0.00, -0.102, 0.35),
    (198, 420): (0.15, -0.275, 0.29),
    (199, 199): (0.00, -1.115, 0.27),
    (200, 200): (0.00, -1.024, 0.26),
    (234, 454): (0.75, -0.232, -0.54),
    (468, 473): (0.35, 0.015, 0.08),
}
CORNERS = (61, 291)
RIGHT_TOP, LEFT_TOP = (158, 159, 160), (385, 386, 387)
RIGHT_LOW, LEFT_LOW = (144, 145, 153), (373, 374, 380)
UPPER_LIP, LOWER_LIP, JAW = (0, 13, 37, 82, 267, 312), (14, 17, 84, 87, 314, 317), (148, 152, 377, 199, 200)


def neutral():
    """(478, 3) in the face's own frame."""
    angle = np.linspace(0, 2 * np.pi, LANDMARKS, endpoint=False)
    face = np.stack([0.7 * np.cos(angle), -0.3 + 0.9 * np.sin(angle), np.zeros(LANDMARKS)], axis=1)
    for (right, left), (x, y, z) in PLACES.items():
        face[left] = x, y, z
        face[right] = -x if left != right else x, y, z
    return face


def moved(face, landmarks, x_out=0.0, up=0.0, front=0.0):
    """A copy with some landmarks moved: away from the midline, up, to the front."""
    face = face.copy()
    chosen = list(landmarks)
    face[chosen, 0] += x_out * np.sign(face[chosen, 0])
    face[chosen, 1] += up
    face[chosen, 2] += front
    return face


def smiling(face, strength=1.0, sides=(61, 291)):
    """Lip corners out and up, cheeks and lower lids up; strength 1 is a broad smile."""
    right, left = 61 in sides, 291 in sides
    cheeks = (78, 50, 101, 117, 118) * right + (308, 280, 330, 346, 347) * left
    face = moved(face, sides, x_out=0.06 * strength, up=0.07 * strength)
    face = moved(face, cheeks, up=0.03 * strength)
    return moved(face, RIGHT_LOW * right + LEFT_LOW * left, up=0.015 * strength)


def brows_up(face, height=0.05):
    return moved(face, (55, 107, 285, 336, 52, 282, 70, 63, 105, 300, 293, 334), up=height)


def jaw_open(face, drop=0.1):
    return moved(moved(face, JAW, up=-drop), LOWER_LIP, up=-drop)


def closed(face, share=0.85, left=True, right=True):
    """Upper lids down by a share of the opening."""
    lids = [(RIGHT_TOP, RIGHT_LOW)] * right + [(LEFT_TOP, LEFT_LOW)] * left
    face = face.copy()
    for top, low in lids:
        opening = face[list(top), 1].mean() - face[list(low), 1].mean()
        face = moved(face, top, up=-share * opening)
    return face


def rotation(yaw=0.0, pitch=0.0, roll=0.0):
    """The face's axes as the camera sees them (x right, y up, z to it), signs as in `types.Rows`."""
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), np.sin(c), 0], [-np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def pictured(face, yaw=0.0, pitch=0.0, roll=0.0, size=100.0, centre=(320.0, 240.0)):
    """(478, 3) float32 pixels of a face in a picture; `size` is pixels a unit."""
    seen = face @ rotation(yaw, pitch, roll).T * size
    return (seen * (1, -1, -1) + (*centre, 0)).astype(np.float32)


def rows(points, rate=30.0, pose=None, excluded=None, start=0.0, code=None):
    """One track's rows of (n, 478, 3) pixels at a steady frame rate."""
    points = np.asarray(points, dtype=np.float32)
    n = len(points)
    return Rows(
        frame=np.arange(n, dtype=np.int32),
        time=start + np.arange(n) / rate,
        track=np.ones(n, dtype=np.int32),
        box=np.tile(np.float32([250, 150, 150, 180]), (n, 1)),
        confidence=np.ones(n, dtype=np.float32),
        pose=np.zeros((n, 3), dtype=np.float32) if pose is None else np.asarray(pose, dtype=np.float32),
        gaze=np.zeros((n, 2), dtype=np.float32),
        quality=np.tile(np.float32([300, 120, 1]), (n, 1)),
        excluded=np.zeros(n, dtype=np.uint8) if excluded is None else np.asarray(excluded, dtype=np.uint8),
        points=points,
        code=np.zeros((n, CODE), dtype=np.float32) if code is None else np.asarray(code, dtype=np.float32),
    )


def noisy(faces, seed=0, deviation=0.0015):
    """Faces with the jitter that a landmark network has."""
    faces = np.asarray(faces)
    return faces + np.random.default_rng(seed).normal(0, deviation, faces.shape)


def track(faces, **keywords):
    """Rows of faces in their own frame, seen from the front."""
    return rows([pictured(face) for face in faces], **keywords)
