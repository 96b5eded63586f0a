"""A child as a hostile file might make it: bound like the real one, it then tries what it should not.

`python -m tests.support.hostile_child` takes the same requests as `python -m analysis.confined`. With
`--free` it binds itself with nothing, to show that what is tried would work otherwise.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import stat
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from analysis.confined import child, confine
from analysis.confined.kernel import number, prctl, syscall

CALLS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "memfd_create": (319, 279), "execve": (59, 221), "execveat": (322, 281), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224),
    "personality": (135, 92), "setuid": (105, 146), "setresuid": (117, 147), "capset": (126, 91),
    "kcmp": (312, 272), "quotactl": (179, 60), "shmget": (29, 194), "mq_open": (180, 180),
    "msgget": (68, 186), "sched_setaffinity": (203, 122), "connect": (42, 203), "bind": (49, 200),
    "sendto": (44, 206), "sendmsg": (46, 211), "recvmsg": (47, 212), "socketpair": (53, 199),
    "inotify_init1": (294, 26), "fanotify_init": (300, 262), "landlock_create_ruleset": (444, 444),
    "prctl": (157, 167), "clock_settime": (227, 112), "sethostname": (170, 161), "vmsplice": (278, 75),
    "tkill": (200, 130), "kill": (62, 129), "rt_sigqueueinfo": (129, 138), "pidfd_send_signal": (424, 424),
    "move_pages": (279, 239), "mbind": (237, 235), "symlinkat": (266, 36), "linkat": (265, 37),
    "mknodat": (259, 33), "fchmod": (91, 52), "fchownat": (260, 54), "setxattr": (188, 5),
    "not yet made": (999, 999),
}  # fmt: skip


def by_number(name):
    syscall(number(*CALLS[name]), 0, 0, 0, 0, 0, 0)


def by_numbers():
    """Made by a child that is bound alone: some would do what they are for, if they were let."""
    return {f"call {name}": (lambda name=name: by_number(name)) for name in CALLS}


def fork():
    if not os.fork():
        os._exit(0)


def thread(work):
    """What `work` raises in a thread of its own is raised here."""
    raised = []

    def run():
        try:
            work()
        except OSError as error:
            raised.append(error)

    started = threading.Thread(target=run)
    started.start()
    started.join()
    if raised:
        raise raised[0]


def signalled():
    """One's own thread may be signalled, as `abort` does."""
    signal.signal(signal.SIGURG, lambda *_: None)
    signal.pthread_kill(threading.get_ident(), signal.SIGURG)


def read(path):
    with Path(path).open("rb") as handle:
        handle.read(1)


def write(path):
    with Path(path).open("ab") as handle:
        handle.write(b"x")


def fill(path, size):
    with Path(path).open("wb") as handle:
        handle.write(bytes(size))


def shared_memory(size):
    with mmap.mmap(-1, size):
        pass


def many_files(path):
    with ExitStack() as held:
        for _ in range(1000):
            held.enter_context(Path(path).open("rb"))


def attempts(media, facts):
    """By name; each raises OSError or MemoryError when it is refused."""
    folder, parent, descriptor = Path(facts["folder"]), os.getppid(), int(Path(media).name)
    tried = {} if "--free" in sys.argv else by_numbers()
    tried |= {f"read {path}": (lambda path=path: read(path)) for path in facts["read"]}
    tried |= {f"write {path}": (lambda path=path: write(path)) for path in facts["written"]}
    return tried | {
        "internet": lambda: socket.socket(socket.AF_INET).close(),
        "internet 6": lambda: socket.socket(socket.AF_INET6).close(),
        "datagrams": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
        "local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
        "socket in a thread": lambda: thread(lambda: socket.socket().close()),
        "file in a thread": lambda: thread(lambda: read("/etc/passwd")),
        "fork": fork,
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "signal the parent": lambda: os.kill(parent, 0),
        "signal everybody": lambda: os.kill(-1, 0),
        "limits of the parent": lambda: resource.prlimit(parent, resource.RLIMIT_CORE),
        "more memory": lambda: resource.setrlimit(resource.RLIMIT_DATA, (1 << 40, 1 << 40)),
        "list the root": lambda: list(Path("/").iterdir()),
        "list the processes": lambda: list(Path("/proc").iterdir()),
        "the parent's environment": lambda: read(f"/proc/{parent}/environ"),
        "the parent's memory": lambda: read(f"/proc/{parent}/mem"),
        "the parent's files": lambda: list(Path(f"/proc/{parent}/fd").iterdir()),
        "write the media": lambda: write(media),
        "write the media by its descriptor": lambda: os.write(descriptor, b"x"),
        "move out": lambda: (folder / "mine").rename(folder.parent / "moved"),
        "symbolic link": lambda: (folder / "link").symlink_to("/etc/passwd"),
        "hard link": lambda: os.link(folder / "mine", folder / "link"),
        "pipe by name": lambda: os.mkfifo(folder / "fifo"),
        "terminal": lambda: fcntl.ioctl(1, 0x5412, b"x"),  # TIOCSTI: type for somebody else
        "a large file": lambda: fill(folder / "large", 8 << 20),
        "memory": lambda: bytearray(1100 << 20),
        "shared memory": lambda: shared_memory(8 << 30),
        "many open files": lambda: many_files(media),
        "privileges": lambda: prctl(23, 0),
        # How a file comes to signal its reader; harmless here, for a file that is no pipe never does.
        "a file's signals to the parent": lambda: fcntl.fcntl(descriptor, fcntl.F_SETOWN, parent),
        "another signal of a file": lambda: fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL),
        "signals of a file": lambda: fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC),
        "lock a file": lambda: fcntl.lockf(descriptor, fcntl.LOCK_SH),
    }


def controls(media, facts):
    """What must work, or nothing above shows anything."""
    folder = Path(facts["folder"])
    return {
        "read the media": lambda: read(media),
        "write in the folder": lambda: write(folder / "mine"),
        "make a folder": (folder / "deep").mkdir,
        "replace in the folder": lambda: (folder / "mine").replace(folder / "other"),
        "thread": lambda: thread(lambda: None),
        "signal oneself": signalled,
        "some memory": lambda: bytearray(16 << 20),
        "another descriptor": lambda: os.close(os.dup(1)),
        "how a file is open": lambda: fcntl.fcntl(1, fcntl.F_GETFL),
    }


def outcome(attempt):
    """`done`, or the name of what it was refused with."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno]
    except MemoryError:
        return "ENOMEM"
    except ValueError:  # `resource` of Python, for a limit above the highest
        return "EPERM"
    return "done"


class Waiting:
    """A thread that began before the process was bound, as libraries start them."""

    def __init__(self):
        self._go, self.found = threading.Event(), {}
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        self._go.wait()
        self.found = {
            "socket in a waiting thread": outcome(lambda: socket.socket().close()),
            "file in a waiting thread": outcome(lambda: read("/etc/passwd")),
        }

    def run(self):
        self._go.set()
        self._thread.join()
        return self.found


def try_all(facts):
    waiting = Waiting()

    def work(media, _say):
        (Path(facts["folder"]) / "mine").write_bytes(b"")
        found = {name: outcome(one) for name, one in attempts(media, facts).items()}
        found |= {name: outcome(one) for name, one in controls(media, facts).items()}
        return found | waiting.run()

    return work


def inherited(_facts):
    def opened(number):
        try:
            fcntl.fcntl(number, fcntl.F_GETFD)
        except OSError:
            return False
        return True

    def work(media, _say):
        numbers = [one for one in range(1 << 12) if opened(one)]
        return {"environment": dict(os.environ), "open": numbers, "media": int(Path(media).name)}

    return work


def crash(_facts):
    return lambda _media, _say: ctypes.string_at(0)


def abort(_facts):
    return lambda _media, _say: os.abort()


def spin(_facts):
    def work(_media, _say):
        while True:
            pass

    return work


def sleep(facts):
    def work(_media, say):
        for done in range(facts["steps"]):
            say({"progress": ["analysing", done, None]})
        threading.Event().wait(3600)

    return work


def say_raw(facts):
    """Say something that our child never says, `times` times."""

    def work(_media, _say):
        answers = max(one for one in range(64) if is_pipe(one))
        for _ in range(facts["times"]):
            os.write(answers, facts["said"].encode())

    return work


def is_pipe(number):
    try:
        return number > 2 and stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False


def complain(_facts):
    def work(_media, _say):
        for _ in range(1000):
            os.write(2, b"c" * 1024)
        raise ValueError("at last")

    return work


def take_memory(_facts):
    """As native code does it: until the kernel says no, and then carry on."""

    def work(_media, _say):
        held = []
        while True:
            held.append(bytearray(32 << 20))

    return work


def fill_folder(facts):
    def work(_media, _say):
        for place in range(facts["files"]):
            (Path(facts["folder"]) / str(place)).write_bytes(bytes(facts["bytes"]))
        if facts["wait"]:
            threading.Event().wait(3600)

    return work


ALL = {
    one.__name__: one
    for one in (fill_folder, try_all, inherited, crash, abort, spin, sleep, say_raw, complain, take_memory)
}

if __name__ == "__main__":
    if "--free" in sys.argv:
        confine.cut_off = confine.bind = lambda *_: None
    child.main(ALL)
