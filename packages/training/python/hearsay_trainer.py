"""The Python side of a trainer of Hearsay: write a class like `Task`, and call `serve(YourTask)` at the end of your file.

A scenario names the file: `task: { trainer: { command: [python3, train.py] } }`. Whoever starts it puts this module
on its path. It needs nothing but numpy. What is said on the standard streams is in docs/trainers.md of Hearsay.
"""

import hashlib
import json
import math
import os
import struct
import time
import traceback

import numpy as np

PROTOCOL = 1
MOST_HEADER_BYTES = 1024 * 1024


class Task:
    """What a network learns. One object serves all peers of a network, a call at a time.

    Equal arguments must give equal results, in whatever order and process calls are made: a peer and a round that come again,
    after a crash, say, must not train otherwise. Draw everything random from `stream(self.seed, ...)`.
    """

    def __init__(self, options, peers, seed, learning):
        """options: what the scenario says under trainer.options. peers: how many. seed: a text, that of the run.
        learning: the section of the scenario, defaults filled in, such as learning['localSteps'] and learning['batchSize'].
        """
        self.options, self.peers, self.seed, self.learning = options, peers, seed, learning

    def initial(self):
        """The first model: a dict from names to arrays, the same with the same seed."""
        raise NotImplementedError

    def samples(self):
        """How many samples of its own each peer has, in order."""
        raise NotImplementedError

    def train(self, model, peer, round, rate):
        """One round (from 1) of one peer (from 0) at this learning rate. model: a dict as `initial` gives it, of arrays of float32
        that may be changed. Gives the trained model, and the mean loss.
        """
        raise NotImplementedError

    def evaluate(self, model):
        """What the model comes to on data that nobody trains on: a dict with each of trainer.measures."""
        raise NotImplementedError


def stream(seed, *names):
    """A random generator of one purpose: the same for the same seed and names. `stream(seed, 'batches', peer, round)`."""
    text = json.dumps([str(seed), *map(str, names)])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little"))


def serve(task_class):
    """Answers until whoever started this goes. What is printed goes into the log, as standard error does."""
    source, output = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sessions = {}
    while True:
        prefix = source.read(4)
        if len(prefix) < 4:
            return
        (length,) = struct.unpack("<I", prefix)
        if length > MOST_HEADER_BYTES:
            raise ValueError(f"a header of {length} bytes")
        header = json.loads(_read(source, length))
        floats = np.frombuffer(_read(source, 4 * header["floats"]), "<f4")
        try:
            answer, numbers = _answer(task_class, sessions, header, floats)
        except Exception as error:
            traceback.print_exc()
            answer, numbers = {"error": f"{type(error).__name__}: {error}"}, np.zeros(0, np.float32)
        _write(output, {"id": header["id"], **answer}, numbers)


def _read(source, count):
    data = source.read(count)
    if len(data) < count:
        raise EOFError("the input ends within a frame")
    return data


def _write(output, header, numbers):
    text = json.dumps({**header, "floats": int(numbers.size)}, allow_nan=False).encode()
    output.write(struct.pack("<I", len(text)) + text)
    output.write(np.asarray(numbers, "<f4"))
    output.flush()


class _Session:
    def __init__(self, task):
        self.task = task
        self.first = {name: np.asarray(array, np.float32) for name, array in task.initial().items()}

    def split(self, floats):
        """The model as arrays of its own: what comes is for reading only."""
        model, start = {}, 0
        for name, array in self.first.items():
            model[name] = floats[start : start + array.size].reshape(array.shape).copy()
            start += array.size
        return model

    def joined(self, model):
        parts = []
        for name, array in self.first.items():
            part = np.asarray(model[name], "<f4")
            if part.shape != array.shape:
                raise ValueError(f"{name} has the shape {part.shape}, not {array.shape}")
            parts.append(part.ravel())
        return np.concatenate(parts)


def _answer(task_class, sessions, header, floats):
    kind, nothing = header["kind"], np.zeros(0, np.float32)
    if kind == "open":
        if header["protocol"] != PROTOCOL:
            raise ValueError(f"protocol {header['protocol']}, and this speaks {PROTOCOL}")
        task = task_class(header["options"], header["peers"], header["seed"], header["learning"])
        session = sessions[header["task"]] = _Session(task)
        tensors = [{"name": name, "shape": list(array.shape)} for name, array in session.first.items()]
        samples = [int(count) for count in task.samples()]
        return {"tensors": tensors, "samples": samples}, session.joined(session.first)
    if kind == "close":
        sessions.pop(header["task"], None)
        return {}, nothing
    session = sessions[header["task"]]
    if kind == "evaluate":
        measures = session.task.evaluate(session.split(floats))
        return {"measures": {name: _finite(value) for name, value in measures.items()}}, nothing
    start = time.perf_counter()
    model, loss = session.task.train(session.split(floats), header["peer"], header["round"], header["rate"])
    work = 1000 * (time.perf_counter() - start)
    with np.errstate(all="ignore"):
        return {"loss": _finite(loss), "workMs": work}, session.joined(model) - floats


def _finite(value):
    """A number as JSON has it; None for one that is not finite."""
    return float(value) if math.isfinite(value) else None
