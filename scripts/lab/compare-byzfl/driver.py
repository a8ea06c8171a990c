"""Runs ByzFL for compare-byzfl.ts: one JSON request a line on standard input, one JSON answer a line on standard output.

    python driver.py DIR MEMORY_BYTES

DIR holds ByzFL's `byzfl` package. Only its aggregators and attacks are loaded: `byzfl/__init__.py` would also load its
trainer, which needs torchvision and a plotting library, so a namespace with the package's path stands in for it.

A request:
    kind      'aggregator' or 'attack': the module in which `class` is
    class     name of ByzFL's class; arguments: its keyword arguments
    after     optional, class and arguments of an aggregator that is given the output
    backend   'numpy64', 'numpy32' or 'torch' (which ByzFL always converts to float32)
    input     path of n*d little-endian float32 numbers, row by row; n, d
    seed      of NumPy's and PyTorch's global generators
    exactEigenvectors  optional: the eigenvector itself in CAF and SMEA, instead of one step of power iteration, and in
              CAF the greatest tau of the rows that still have weight, instead of that of all rows
    plainDistances   optional: PyTorch's cdist by differences, not by |a|^2 + |b|^2 - 2ab
    trials    optional: so many runs on rows in random order, with numbers changed by a few units in the last place
    shuffles  optional: every outcome of np.random.permutation, for Bucketing; needs numpy64
    timed     optional: {runs, budgetS}: the least time of that many runs, fewer when the budget is used up; no output

An answer: {outputs: [base64 of float64 numbers]}, {timeS, runs} or {error}.
"""
import base64
import contextlib
import importlib
import inspect
import itertools
import json
import os
import sys
import time
import types

for variable in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[variable] = '1'

import numpy as np
import scipy
import torch

torch.set_num_threads(1)
np.seterr(all='ignore')

FLOATS = {'nu', 'tau', 'c'}
PRECISION = {'numpy64': 2.0**-52, 'numpy32': 2.0**-23, 'torch': 2.0**-23}


def load(directory):
    """Modules of ByzFL by kind."""
    package = types.ModuleType('byzfl')
    package.__path__ = [os.path.join(directory, 'byzfl')]
    sys.modules['byzfl'] = package
    names = {'aggregator': 'byzfl.aggregators', 'attack': 'byzfl.attacks'}
    return {kind: importlib.import_module(name) for kind, name in names.items()}


def limit_memory(size_bytes):
    """A subset rule at large n would otherwise take all the memory there is."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size_bytes, size_bytes))
    except (ImportError, ValueError, OSError) as error:
        print(f'no limit on memory: {error}', file=sys.stderr)


def exact_eigenpair(diffs, weights=None):
    """The greatest eigenvalue, and its eigenvector, of the sum of weights[i] * diffs[i] diffs[i]^T, by its Gram matrix."""
    rows = np.asarray(diffs, dtype=np.float64)
    if weights is not None:
        weights = np.asarray(weights, dtype=np.float64)
        rows = np.sqrt(weights / weights.sum())[:, None] * rows
    values, vectors = np.linalg.eigh(rows @ rows.T)
    direction = vectors[:, -1] @ rows
    direction /= np.linalg.norm(direction)
    if isinstance(diffs, torch.Tensor):
        return torch.tensor(values[-1]), torch.tensor(direction, dtype=diffs.dtype)
    return values[-1], direction.astype(diffs.dtype)


def class_of(modules, request):
    found = getattr(modules[request['kind']], request['class'])
    if not request.get('exactEigenvectors'):
        return found
    source = inspect.getsource(found)
    calls = {
        '= compute_dominant_eigenvector(tools, vectors, c, diffs, dimension)': '= exact_eigenpair(diffs, c)',
        '= compute_dominant_eigenvector(diffs, dimension)': '= exact_eigenpair(diffs)',
    }
    if sum(source.count(call) for call in calls) != 1:
        raise ValueError(f"{request['class']} finds eigenvectors in another way in this version of ByzFL")
    for call, exact in [*calls.items(), ('tau_max = tau.max()', 'tau_max = tau[c > 0].max()')]:
        source = source.replace(call, exact)
    namespace = dict(inspect.getmodule(found).__dict__, exact_eigenpair=exact_eigenpair)
    exec(source, namespace)
    return namespace[request['class']]


@contextlib.contextmanager
def replaced(target, name, value):
    original = getattr(target, name)
    setattr(target, name, value)
    try:
        yield
    finally:
        setattr(target, name, original)


def distances_by_differences(modules, request):
    if not request.get('plainDistances'):
        return contextlib.nullcontext()
    tools = sys.modules['byzfl.utils.torch_tools']
    mode = 'donot_use_mm_for_euclid_dist'
    return replaced(tools, 'cdist', lambda a, b: torch.cdist(a, b, compute_mode=mode))


def as_backend(vectors, backend):
    """A copy, since ByzFL's Clipping and ARC change their input."""
    if backend == 'torch':
        return torch.tensor(vectors, dtype=torch.float32)
    return np.array(vectors, dtype=np.float64 if backend == 'numpy64' else np.float32)


def keywords(call):
    """ByzFL refuses an integer where it wants a float, which JSON cannot tell apart."""
    return {name: float(value) if name in FLOATS else value for name, value in call['arguments'].items()}


def apply(modules, request, vectors):
    """One fresh object a run, since CenteredClipping keeps its last output."""
    result = class_of(modules, request)(**keywords(request))(vectors)
    after = request.get('after')
    if after is not None:
        result = getattr(modules['aggregator'], after['class'])(**keywords(after))(result)
    if result is None:
        raise ValueError('ByzFL returned None')
    return result


def encoded(result):
    array = np.asarray(result.numpy() if isinstance(result, torch.Tensor) else result, dtype='<f8')
    return base64.b64encode(array.tobytes()).decode('ascii')


def seed(value):
    np.random.seed(value)
    torch.manual_seed(value)


def trial(modules, request, vectors, number):
    """
    Rows in another order. Numbers as they are, or changed by up to 4 units in the last place, or bent by as little so
    that of two numbers at the same distance from a third the lesser, or the greater, is the nearer one.
    """
    generator = np.random.default_rng([request['seed'], number])
    order = generator.permutation(len(vectors))
    rows = vectors.astype(np.float64)[order]
    unit = PRECISION[request['backend']]
    kind = number % 4
    if kind == 1:
        rows *= 1 + unit * generator.integers(-4, 5, size=rows.shape)
    elif kind > 1:
        rows += (unit if kind == 2 else -unit) * 32 * rows * (rows / np.abs(rows).max())
    result = apply(modules, request, as_backend(rows, request['backend']))
    if result.ndim == 1:
        return result
    ordered = result.clone() if isinstance(result, torch.Tensor) else result.copy()
    ordered[order] = result
    return ordered


def shuffled(modules, request, vectors, order):
    with replaced(np.random, 'permutation', lambda rows: rows[list(order)]):
        return apply(modules, request, as_backend(vectors, 'numpy64'))


def timed(modules, request, vectors):
    used, least, runs = 0.0, float('inf'), 0
    while runs < request['timed']['runs'] and (runs == 0 or used + least < request['timed']['budgetS']):
        copy = as_backend(vectors, request['backend'])
        seed(request['seed'])
        start = time.perf_counter()
        apply(modules, request, copy)
        taken = time.perf_counter() - start
        used, least, runs = used + taken, min(least, taken), runs + 1
    return {'timeS': least, 'runs': runs}


def answer(modules, request):
    vectors = np.fromfile(request['input'], dtype='<f4').reshape(request['n'], request['d'])
    seed(request['seed'])
    with distances_by_differences(modules, request):
        if 'timed' in request:
            return timed(modules, request, vectors)
        if request.get('shuffles'):
            orders = itertools.permutations(range(len(vectors)))
            return {'outputs': [encoded(shuffled(modules, request, vectors, order)) for order in orders]}
        if 'trials' in request:
            numbers = range(request['trials'])
            return {'outputs': [encoded(trial(modules, request, vectors, number)) for number in numbers]}
        return {'outputs': [encoded(apply(modules, request, as_backend(vectors, request['backend'])))]}


def main():
    directory, memory_bytes = sys.argv[1], int(sys.argv[2])
    modules = load(directory)
    limit_memory(memory_bytes)
    versions = {
        'python': sys.version.split()[0],
        'numpy': np.__version__,
        'scipy': scipy.__version__,
        'torch': torch.__version__,
    }
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        try:
            result = answer(modules, json.loads(line))
        except MemoryError:
            result = {'error': f'out of memory at {memory_bytes / 2**30:.0f} GiB'}
        except Exception as error:
            result = {'error': f'{type(error).__name__}: {error}'}
        print(json.dumps(result), flush=True)


if __name__ == '__main__':
    main()
