"""What a child may still ask of the kernel once it is bound, with the calls' numbers on the machines we know.

Found by running analyses under the filter, and by what the C library, Python, numpy, OpenCV, FFmpeg and
onnxruntime do on the way to an error. Whatever is not named is refused: sockets, new programs, new processes,
other processes' memory, mounting, keys, namespaces, loading code into the kernel.
"""

from analysis.confined.kernel import MACHINE

_X86_64_ALONE = {
    "open": 2, "stat": 4, "lstat": 6, "poll": 7, "access": 21, "select": 23, "dup2": 33, "getdents": 78,
    "rename": 82, "mkdir": 83, "rmdir": 84, "unlink": 87, "readlink": 89, "arch_prctl": 158,
}  # fmt: skip
"""Older forms of calls, which newer machines never had."""

_BOTH = {
    # Files: which of them is Landlock's affair.
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66), "dup": (32, 23),
    "dup3": (292, 24), "fsync": (74, 82), "fdatasync": (75, 83), "ftruncate": (77, 46), "getcwd": (79, 17),
    "getdents64": (217, 61), "fadvise64": (221, 223), "openat": (257, 56), "mkdirat": (258, 34),
    "newfstatat": (262, 79), "unlinkat": (263, 35), "renameat": (264, 38), "renameat2": (316, 276),
    "readlinkat": (267, 78), "faccessat": (269, 48), "faccessat2": (439, 439), "statx": (332, 291),
    "fallocate": (285, 47), "umask": (95, 166), "close_range": (436, 436),
    # Memory.
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "msync": (26, 227), "mincore": (27, 232), "madvise": (28, 233),
    # Threads and signals within the process.
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "restart_syscall": (219, 128), "sched_yield": (24, 124), "futex": (202, 98),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "set_tid_address": (218, 96),
    "rseq": (334, 293), "membarrier": (324, 283), "sched_getaffinity": (204, 123), "getcpu": (309, 168),
    "exit": (60, 93), "exit_group": (231, 94),
    # Waiting and time.
    "ppoll": (271, 73), "pselect6": (270, 72), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "times": (100, 153),
    # Facts.
    "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160),
    "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "getrandom": (318, 278),
}  # fmt: skip

_BY_ARGUMENT = {
    "clone": (56, 220), "ioctl": (16, 29), "tgkill": (234, 131), "prlimit64": (302, 261), "fcntl": (72, 25),
}  # fmt: skip
_CLONE3 = (435, 435)
_PLACE = 1 if MACHINE == "aarch64" else 0

ALLOWED = frozenset(pair[_PLACE] for pair in _BOTH.values()) | (
    frozenset(_X86_64_ALONE.values()) if _PLACE == 0 else frozenset()
)
CLONE, IOCTL, TGKILL, PRLIMIT, FCNTL = (pair[_PLACE] for pair in _BY_ARGUMENT.values())
"""Allowed with some arguments; see `seccomp`."""
CLONE3 = _CLONE3[_PLACE]
