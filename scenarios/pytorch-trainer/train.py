"""A trainer in PyTorch, on a GPU where there is one: a network with two hidden layers on points that are drawn.

    hearsay task check --trainer 'python3 scenarios/pytorch-trainer/train.py'
"""

import os

# cuBLAS repeats itself only with this, which it reads when it begins.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import numpy as np
import torch
from hearsay_trainer import Task, serve, stream

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.use_deterministic_algorithms(True)


class Points(Task):
    def __init__(self, options, peers, seed, learning):
        super().__init__(options, peers, seed, learning)
        classes, rows, columns = 5, options.get("rows", 3000), options.get("columns", 20)
        random = stream("points")
        centres = random.normal(size=(classes, columns))
        labels = random.integers(classes, size=rows)
        inputs = centres[labels] + 1.2 * random.normal(size=(rows, columns))
        self.inputs = torch.tensor(inputs, dtype=torch.float32, device=device)
        self.labels = torch.tensor(labels, device=device)
        self.training = rows * 4 // 5
        self.order = stream(seed, "shares").permutation(self.training)
        # Drawn by torch, from a seed of the run, on the processor: the same first model whatever trains it.
        torch.manual_seed(int(stream(seed, "model").integers(2**31)))
        layers = [torch.nn.Linear(columns, 64), torch.nn.ReLU(), torch.nn.Linear(64, 32), torch.nn.ReLU()]
        self.net = torch.nn.Sequential(*layers, torch.nn.Linear(32, classes))
        self.first = {name: weights.numpy().copy() for name, weights in self.net.state_dict().items()}
        self.net.to(device)

    def initial(self):
        return self.first

    def samples(self):
        return [len(self.order[peer :: self.peers]) for peer in range(self.peers)]

    def load(self, model):
        self.net.load_state_dict({name: torch.from_numpy(np.asarray(weights)) for name, weights in model.items()})

    def train(self, model, peer, round, rate):
        self.load(model)
        share, random = self.order[peer :: self.peers], stream(self.seed, "batches", peer, round)
        descent = torch.optim.SGD(self.net.parameters(), rate, momentum=self.learning["momentum"])
        losses = []
        for _ in range(self.learning["localSteps"]):
            batch = torch.from_numpy(random.choice(share, self.learning["batchSize"], replace=False)).to(device)
            descent.zero_grad()
            loss = torch.nn.functional.cross_entropy(self.net(self.inputs[batch]), self.labels[batch])
            loss.backward()
            descent.step()
            losses.append(loss.item())
        return {name: weights.cpu().numpy() for name, weights in self.net.state_dict().items()}, np.mean(losses)

    @torch.no_grad()
    def evaluate(self, model):
        self.load(model)
        scores, labels = self.net(self.inputs[self.training :]), self.labels[self.training :]
        right = (scores.argmax(1) == labels).float().mean().item()
        return {"accuracy": right, "loss": torch.nn.functional.cross_entropy(scores, labels).item()}


if __name__ == "__main__":
    serve(Points)
