"""Drives shim.c: a disk and a clock that misbehave on demand, and a record of everything that was written."""
import mmap
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("write_errno write_skip sync_errno sync_count_left sync_delay_us short_writes clock_offset_ms writes syncs failed bytes traced only "
         "open_errno direct_errno direct list_errno read_errno read_left").split()
EVERY_FILE, DATABASES_ONLY, LOG_FILES_ONLY, FOLDERS_ONLY, SEALED_ONLY = 0, 1, 2, 3, 4
_library = None


def library():
    """The compiled shim; tests that need it are skipped where there is no C compiler."""
    global _library
    if _library is None:
        compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            pytest.skip("no C compiler to build shim.c with: set CC")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="martlet-shim-"))
        path = folder / "shim.so"
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(path), str(HERE / "shim.c"), "-ldl", "-lpthread"], check=True)
        _library = path
    return _library


class Shim:
    """The controls: each name of NAMES is a number that can be read and set while the server runs."""

    def __init__(self, martlet, trace=False):
        self.martlet = martlet
        control = martlet.home / "shim.control"
        control.write_bytes(bytes(32 * 8))
        self._file = open(control, "r+b")
        object.__setattr__(self, "_map", mmap.mmap(self._file.fileno(), 32 * 8))
        martlet.env.update(LD_PRELOAD=str(library()), MARTLET_SHIM=str(control), MARTLET_SHIM_FOLDER=str(martlet.data))
        self.trace = martlet.home / "shim.trace"
        if trace:
            martlet.env["MARTLET_TRACE"] = str(self.trace)
        self.sync_count_left = -1

    def __getattr__(self, name):
        if name in NAMES:
            return struct.unpack_from("<q", self._map, NAMES.index(name) * 8)[0]
        raise AttributeError(name)

    def __setattr__(self, name, value):
        if name in NAMES:
            struct.pack_into("<q", self._map, NAMES.index(name) * 8, value)
        else:
            object.__setattr__(self, name, value)

    def heal(self):
        self.list_errno = self.read_left = 0
        self.write_errno = self.sync_errno = self.open_errno = self.direct_errno = self.sync_delay_us = self.short_writes = self.write_skip = self.only = 0
        self.sync_count_left = -1


class Operation:
    __slots__ = ("index", "kind", "inode", "offset", "a", "b", "data")

    def __init__(self, index, kind, inode, offset, a, b, data):
        self.index, self.kind, self.inode, self.offset, self.a, self.b, self.data = index, kind, inode, offset, a, b, data


def read_trace(path):
    raw, at, operations = path.read_bytes(), 0, []
    while at + 29 <= len(raw):
        kind, inode, offset, la, lb, ld = struct.unpack_from("<cQqIII", raw, at)
        at += 29
        a, b, data = raw[at:at + la].decode(), raw[at + la:at + la + lb].decode(), raw[at + la + lb:at + la + lb + ld]
        at += la + lb + ld
        operations.append(Operation(len(operations), kind.decode(), inode, offset, a, b, data))
    return operations


class _File:
    """One inode: what a sync made sure of, and what was only asked for."""

    def __init__(self):
        self.durable, self.pending = bytearray(), []

    def apply(self, content, change):
        kind, offset, data, _ = change
        if kind == "T":
            if len(content) > offset:
                del content[offset:]
            else:
                content.extend(bytes(offset - len(content)))
        else:
            if len(content) < offset:
                content.extend(bytes(offset - len(content)))
            content[offset:offset + len(data)] = data

    def sync(self, before):
        """Everything asked for before the sync began is durable."""
        for change in [c for c in self.pending if c[3] < before]:
            self.apply(self.durable, change)
        self.pending = [c for c in self.pending if c[3] >= before]

    def image(self, mode, chance):
        content = bytearray(self.durable)
        for change in self.pending:
            kind, offset, data, index = change
            if mode == "dropped" or (mode == "some" and chance.random() < 0.5):
                continue
            if mode == "zeroed" and kind == "W":
                # The file has grown, but the bytes have not arrived: zeros where it is new, old bytes where it is not.
                if len(content) < offset + len(data):
                    content.extend(bytes(offset + len(data) - len(content)))
                continue
            if mode == "torn" and kind == "W":
                for start in range(0, len(data), 512):
                    if chance.random() < 0.5:
                        self.apply(content, ("W", offset + start, data[start:start + 512], index))
                continue
            self.apply(content, change)
        return bytes(content)


class Disk:
    """What stands on the disk after the first `cut` operations when the power goes."""

    def __init__(self, operations, cut):
        self.inodes, self.names, self.durable_names, self.pending_names = {}, {}, {}, []
        begun = {}
        for op in operations[:cut]:
            if op.kind == "C":
                self.inodes[op.inode] = _File()
                self._name("add", op.a, self.inodes[op.inode], op.index)
            elif op.kind == "M":
                self._name("add", op.a, "folder", op.index)
            elif op.kind == "R":
                target = self.names.get(op.a)
                self._name("remove", op.a, None, op.index)
                self._name("add", op.b, target, op.index)
            elif op.kind == "U":
                self._name("remove", op.a, None, op.index)
            elif op.kind in "WT":
                file = self.inodes.setdefault(op.inode, _File())
                file.pending.append((op.kind, op.offset, op.data, op.index))
            elif op.kind in "SD":
                begun[op.kind, op.inode, op.offset] = op.index
            elif op.kind == "E":
                if (index := begun.get(("S", op.inode, op.offset))) is not None and op.inode in self.inodes:
                    self.inodes[op.inode].sync(index)
                if (index := begun.get(("D", op.inode, op.offset))) is not None:
                    self._sync_names(op.a, index)
            elif op.kind == "X" and op.inode in self.inodes:
                # A failed sync: the kernel forgets the dirty pages and calls them clean.
                self.inodes[op.inode].pending = []

    def _name(self, what, path, target, index):
        if what == "add":
            self.names[path] = target
        else:
            self.names.pop(path, None)
        self.pending_names.append((what, path, target, index))

    def _sync_names(self, folder, before):
        rest = []
        for change in self.pending_names:
            if change[3] < before and os.path.dirname(change[1]) == folder.rstrip("/"):
                self._apply_name(self.durable_names, change)
            else:
                rest.append(change)
        self.pending_names = rest

    @staticmethod
    def _apply_name(names, change):
        if change[0] == "add":
            names[change[1]] = change[2]
        else:
            names.pop(change[1], None)

    def write(self, root, into, mode, chance, names="all"):
        """Writes the image; `names` is "all" (every name is there) or "synced" (only names whose folder was synced, and the folder itself)."""
        entries = dict(self.names if names == "all" else self.durable_names)
        if names == "synced":
            # A file whose own folder is not there cannot be found either.
            def reachable(path):
                parent = os.path.dirname(path)
                return parent == str(root) or (entries.get(parent) == "folder" and reachable(parent))
            entries = {p: t for p, t in entries.items() if reachable(p)}
        os.makedirs(into, mode=0o700)
        for path in sorted(p for p, t in entries.items() if t == "folder" and p.startswith(str(root) + "/")):
            os.makedirs(os.path.join(into, os.path.relpath(path, root)), mode=0o700, exist_ok=True)
        for path, file in entries.items():
            if file in ("folder", None) or not path.startswith(str(root) + "/") or path.endswith((".sock", "-shm")):
                continue
            target = os.path.join(into, os.path.relpath(path, root))
            with open(target, "wb") as out:
                out.write(file.image(mode, chance))
            os.chmod(target, 0o600)
        return pathlib.Path(into)
