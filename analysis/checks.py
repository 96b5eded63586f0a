"""What must hold of the machine before recordings are analysed on it; each message says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - Django's name
from django.utils.translation import gettext as _

from analysis.confined import landlock, seccomp

TAG = "echodepth"


@register(TAG, deploy=True)
def check_landlock(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Without it, a decoder that a file has taken over may read and write what the worker may."""
    known = landlock.version()
    if not known:
        message = _(
            "The kernel has no Landlock, or the container keeps it back: a hostile recording that takes over "
            "its decoder could read other files. Run workers on Linux 5.13 or later, with `landlock` among "
            "the kernel's security modules, and let the container's seccomp profile allow its system calls."
        )
        return [Warning(message, id="analysis.W001")]
    return []


@register(TAG, deploy=True)
def check_seccomp(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Without it, such a decoder may connect to the network and start programs."""
    if not seccomp.available():
        message = _(
            "System calls cannot be filtered (seccomp): a hostile recording that takes over its decoder "
            "could reach the network. Run workers on Linux, on x86_64 or aarch64, with CONFIG_SECCOMP_FILTER."
        )
        return [Warning(message, id="analysis.W002")]
    return []
