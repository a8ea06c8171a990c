"""A trainer of one's own, for numpy-trainer.yaml: a network with one hidden layer in numpy, on points that are drawn or a CSV."""

import numpy as np
from hearsay_trainer import Task, serve, stream


def drawn(rows, columns, classes):
    """Points around a centre for each class; the same in every run."""
    random = stream("points", rows, columns, classes)
    centres = random.normal(size=(classes, columns))
    labels = random.integers(classes, size=rows)
    return centres[labels] + 1.2 * random.normal(size=(rows, columns)), labels


def read(path):
    """A CSV with a line of names, numbers, and the class in its last column: 0, 1, 2, …"""
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    return table[:, :-1], table[:, -1].astype(int)


class Points(Task):
    def __init__(self, options, peers, seed, learning):
        super().__init__(options, peers, seed, learning)
        csv = options.get("csv")
        inputs, labels = read(csv) if csv else drawn(options.get("rows", 3000), options.get("columns", 20), 5)
        inputs = inputs.astype(np.float32)
        # The last fifth is what nobody trains on; the rest is dealt to the peers.
        held = len(inputs) // 5
        self.test = inputs[-held:], labels[-held:]
        order = stream(seed, "shares").permutation(len(inputs) - held)
        self.shares = [(inputs[order[peer::peers]], labels[order[peer::peers]]) for peer in range(peers)]
        self.classes = int(labels.max()) + 1

    def initial(self):
        columns, hidden = self.test[0].shape[1], self.options.get("hidden", 32)
        random = stream(self.seed, "model")
        return {
            "hidden.kernel": random.normal(size=(columns, hidden)) / np.sqrt(columns),
            "hidden.bias": np.zeros(hidden),
            "output.kernel": random.normal(size=(hidden, self.classes)) / np.sqrt(hidden),
            "output.bias": np.zeros(self.classes),
        }

    def samples(self):
        return [len(labels) for _, labels in self.shares]

    def train(self, model, peer, round, rate):
        inputs, labels = self.shares[peer]
        random = stream(self.seed, "batches", peer, round)
        velocity = {name: np.zeros_like(weights) for name, weights in model.items()}
        losses = []
        with np.errstate(all="ignore"):
            for _ in range(self.learning["localSteps"]):
                batch = random.choice(len(labels), self.learning["batchSize"], replace=False)
                loss, gradient = slope(model, inputs[batch], labels[batch])
                losses.append(loss)
                for name, weights in model.items():
                    velocity[name] = self.learning["momentum"] * velocity[name] + gradient[name]
                    weights -= np.float32(rate) * velocity[name]
        return model, np.mean(losses)

    def evaluate(self, model):
        inputs, labels = self.test
        with np.errstate(all="ignore"):
            scores = foretold(model, inputs)[1]
            return {"accuracy": np.mean(scores.argmax(1) == labels), "loss": entropy(scores, labels)[0]}


def foretold(model, inputs):
    hidden = np.maximum(inputs @ model["hidden.kernel"] + model["hidden.bias"], 0)
    return hidden, hidden @ model["output.kernel"] + model["output.bias"]


def entropy(scores, labels):
    """The mean cross-entropy of softmax, and its gradient by each score."""
    shares = np.exp(scores - scores.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(np.maximum(shares[rows, labels], 1e-30)).mean()
    shares[rows, labels] -= 1
    return loss, shares / len(labels)


def slope(model, inputs, labels):
    hidden, scores = foretold(model, inputs)
    loss, by_score = entropy(scores, labels)
    by_hidden = (by_score @ model["output.kernel"].T) * (hidden > 0)
    return loss, {
        "hidden.kernel": inputs.T @ by_hidden,
        "hidden.bias": by_hidden.sum(0),
        "output.kernel": hidden.T @ by_score,
        "output.bias": by_score.sum(0),
    }


if __name__ == "__main__":
    serve(Points)
