"""Python imports this before anything else where its folder is on PYTHONPATH: it watches the whole process.

GUARD_LOG is a file that gets a line for each thing that a linter must not do, GUARD_TREE the folder that is linted,
GUARD_WRITABLE the folders (with os.pathsep between them) below which files may be written, GUARD_PROGRAM the one program
that may be started, from another folder than the tree. The first such thing ends the process, before it is done.

Python tells an audit hook of every `compile` and `exec`, and padlint's dependencies have rightful ones. They are told
apart by who asks for them, never by what the text looks like:

- the import system runs the code of modules: it must have read none of it from the tree;
- `ast.parse` compiles whatever it is given, to a tree and to nothing that could run;
- `python -m` runs the module that it was asked for: padlint's;
- a module may change code of its own file as it is imported: padlint asks for room for a deep recursion that way;
- the standard library's own makers of classes and functions run texts that they have written themselves.
"""

import os
import sys

TREE = os.path.realpath(os.environ["GUARD_TREE"])
WRITABLE = [os.path.realpath(each) for each in os.environ["GUARD_WRITABLE"].split(os.pathsep) if each]
LOG = os.open(os.environ["GUARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)
PROGRAM = os.environ.get("GUARD_PROGRAM")
LIBRARY = os.path.dirname(os.__file__)
IMPORTERS = {"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>", "<frozen zipimport>"}
MAKERS = {
    (os.path.join(LIBRARY, *where.split("/")), function)
    for where, function in (
        ("dataclasses.py", "_create_fn"),
        ("dataclasses.py", "add_fns_to_class"),
        ("collections/__init__.py", "namedtuple"),
        ("typing.py", "__init__"),  # of a ForwardRef: the annotations of classes that exist, thus none of the tree's
        ("typing.py", "_evaluate"),
        ("annotationlib.py", "evaluate"),
    )
}
PARSER = (os.path.join(LIBRARY, "ast.py"), "parse")
FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.forkpty", "pty.",
    "pickle.", "ctypes.", "urllib.", "ftplib.", "http.", "smtplib.", "webbrowser.", "function.__new__",
    "sys.settrace", "sys.setprofile", "os.putenv", "os.chroot", "mmap.", "sqlite3.", "winreg.",
)  # fmt: skip
CHANGING = {
    "os.mkdir": 1, "os.rmdir": 1, "os.remove": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.truncate": 1,
    "os.chmod": 1, "os.chown": 1, "os.chflags": 1, "os.utime": 1, "os.setxattr": 1, "os.removexattr": 1,
    "shutil.rmtree": 1, "shutil.move": 2, "shutil.copytree": 2,
}  # fmt: skip
PIPE = (os.path.join(LIBRARY, "multiprocessing", "connection.py"), "Pipe")  # two ends in this process, no network
RUNNER = ("<frozen runpy>", "_run_code")
STARTED = ("the command line", "")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def below(path, folders):
    if isinstance(path, int):
        path = os.readlink(f"/proc/self/fd/{path}")
    real = os.path.realpath(os.fsdecode(path))
    return any(real == folder or real.startswith(folder + os.sep) for folder in folders)


def violation(event, what):
    frame, path = sys._getframe(2), []
    while frame is not None and len(path) < 12:
        path.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    os.write(LOG, f"{event} {what!r} from {' < '.join(path)}\n".encode(errors="backslashreplace"))
    os._exit(97)


def asked_by(depth):
    """The file and the function whose frame is so far up."""
    try:
        code = sys._getframe(depth).f_code
    except ValueError:
        return STARTED
    return code.co_filename, code.co_name


def runs_code(event, arguments):
    """`compile` gives (text, file name), `exec` the code object, `marshal.loads` the bytes."""
    asker = asked_by(3)
    if asker == RUNNER and not below(arguments[0].co_filename, [TREE]):
        return
    if asker[0] in IMPORTERS or asker in MAKERS or asker == STARTED or (event == "compile" and asker == PARSER):
        return
    violation(event, (asker, arguments))


def opened(path, mode, flags):
    if isinstance(path, (str, bytes)) and below(path, [TREE]) and asked_by(3)[0] in IMPORTERS:
        violation("import of", path)
    if flags & WRITING and path != os.devnull and not (isinstance(path, int) or below(path, WRITABLE)):
        violation("open for writing", path)


def started(executable, words, folder, environment):
    """Only by its whole name, outside the tree, and told of nothing in the tree by its environment or its words."""
    told = [*words[1:], *(value for name, value in (environment or os.environ).items() if name.startswith("GIT_"))]
    inside = [each for each in map(os.fsdecode, told) if os.path.isabs(each) and below(each, [TREE])]
    if executable != PROGRAM or folder is None or below(folder, [TREE]) or inside:
        violation("subprocess.Popen", (executable, words, folder, inside))


def hook(event, arguments):
    if event in ("compile", "exec", "marshal.loads", "marshal.load"):
        runs_code(event, arguments)
    elif event == "open":
        opened(*arguments)
    elif event == "import":
        if arguments[1] is not None and below(arguments[1], [TREE]):
            violation(event, arguments[:2])
    elif event == "code.__new__":  # code that only a module of its own file, and none of the tree, may change
        if asked_by(2) != (arguments[1], "<module>") or below(arguments[1], [TREE]):
            violation(event, (asked_by(2), arguments[1:3]))
    elif event in ("os.fork", "os.kill"):  # of padlint's own processes
        if os.path.basename(asked_by(2)[0]) != "popen_fork.py":
            violation(event, asked_by(2))
    elif event == "socket.__new__":
        if PIPE not in (asked_by(depth) for depth in range(2, 8)):
            violation(event, arguments)
    elif event == "subprocess.Popen" and PROGRAM:
        started(*arguments)
    elif event in CHANGING:
        for path in arguments[: CHANGING[event]]:
            if event in ("os.remove", "os.rmdir") and arguments[1] != -1:  # named from an open folder
                path = os.path.join(os.readlink(f"/proc/self/fd/{arguments[1]}"), os.fsdecode(path))
            if not below(path, WRITABLE):
                violation(event, arguments)
    elif event.startswith(FORBIDDEN):
        violation(event, arguments)


os.write(LOG, b"armed\n")
sys.addaudithook(hook)
