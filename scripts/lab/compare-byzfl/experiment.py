"""One cell of ByzFL's grid by ByzFL's own clients, server and attack, as its benchmark/train.py has them together.

    python experiment.py DIR DATA STEPS

DIR holds ByzFL's `byzfl` package, DATA the four IDX files of MNIST, gzipped or not. `byzfl/__init__.py` and its trainer would
also load torchvision and a plotting library, so a namespace with the package's path stands in for it, and the data are
read here. Prints a line for each step: {"step", "seconds", "cpuSeconds"}, and before them {"python", "torch", "threads"}.
"""
import gzip
import importlib
import json
import os
import platform
import random
import sys
import time
import types

import numpy as np
import torch

HONEST, LIARS, BATCH, RATE, MOMENTUM = 10, 3, 25, 0.1, 0.9


def load(directory):
    package = types.ModuleType('byzfl')
    package.__path__ = [os.path.join(directory, 'byzfl')]
    sys.modules['byzfl'] = package
    return importlib.import_module('byzfl.fed_framework')


def idx(folder, name):
    path = os.path.join(folder, name)
    with (gzip.open(path + '.gz') if os.path.exists(path + '.gz') else open(path, 'rb')) as file:
        data = file.read()
    sides = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], 'big') for i in range(data[3])]
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * len(sides)).reshape(sides)


def samples(folder, part):
    pictures = torch.tensor(idx(folder, part + '-images-idx3-ubyte'), dtype=torch.float32) / 255
    labels = torch.tensor(idx(folder, part + '-labels-idx1-ubyte'), dtype=torch.int64)
    return torch.utils.data.TensorDataset(((pictures - 0.1307) / 0.3081).unsqueeze(1), labels)


def main(directory, folder, steps):
    fed = load(directory)
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(0)
    train, test = samples(folder, 'train'), samples(folder, 't10k')
    loader = torch.utils.data.DataLoader
    shares = torch.utils.data.random_split(train, [len(train) // HONEST] * HONEST)
    model = {
        'model_name': 'cnn_mnist',
        'device': 'cpu',
        'optimizer_name': 'SGD',
        'learning_rate': RATE,
        'weight_decay': 0.0,
        'milestones': [],
        'learning_rate_decay': 1.0,
    }
    own = {'loss_name': 'NLLLoss', 'LabelFlipping': False, 'nb_labels': 10, 'momentum': MOMENTUM, 'store_per_client_metrics': True}
    clients = [
        fed.Client({**model, **own, 'training_dataloader': loader(share, batch_size=BATCH, shuffle=True)}) for share in shares
    ]
    rule = {'aggregator_info': {'name': 'TrMean', 'parameters': {'f': LIARS}}}
    before = {'pre_agg_list': [{'name': 'NNM', 'parameters': {'f': LIARS}}]}
    server = fed.Server({**model, **rule, **before, 'test_loader': loader(test, batch_size=100)})
    parameters = {**json.loads(json.dumps({**rule, **before})), 'f': LIARS, 'evals': 20}
    liar = fed.ByzantineClient({'name': 'Optimal_ALittleIsEnough', 'f': LIARS, 'parameters': parameters})
    state = server.get_dict_parameters()
    for client in clients:
        client.set_model_state(state)
    print(json.dumps({'python': platform.python_version(), 'torch': torch.__version__, 'threads': torch.get_num_threads()}), flush=True)
    for step in range(steps):
        started, processor = time.perf_counter(), time.process_time()
        for client in clients:
            client.compute_gradients()
        honest = [client.get_flat_gradients_with_momentum() for client in clients]
        server.update_model_with_gradients(honest + liar.apply_attack(honest))
        state = server.get_dict_parameters()
        for client in clients:
            client.set_model_state(state)
        seconds, cpu = time.perf_counter() - started, time.process_time() - processor
        print(json.dumps({'step': step + 1, 'seconds': seconds, 'cpuSeconds': cpu}), flush=True)
    print(json.dumps({'accuracy': server.compute_test_accuracy()}), flush=True)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
