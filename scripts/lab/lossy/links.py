"""Links that lose and delay, where the kernel has no netem: a TUN device in the network namespace of each peer, and this process between
them. `links.py PEERS LATENCY_MS LOSS SEED`: peer i is 10.77.0.(i + 1) in namespace hearsay-i, which it makes, and removes at its end. Every IP
packet is lost with this probability, or arrives after LATENCY_MS to half as much again. Says "ready" on a line; ends with its standard input."""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

peers, latency, loss = int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3])
draw = random.Random(int(sys.argv[4]))
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def device(peer: int) -> int:
    space, name = f"hearsay-{peer}", f"hearsay{peer}"
    subprocess.run(["ip", "netns", "del", space], stderr=subprocess.DEVNULL)
    ip("netns", "add", space)
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    ip("link", "set", name, "netns", space)
    for words in (["addr", "add", f"10.77.0.{peer + 1}/24", "dev", name], ["link", "set", name, "up"], ["link", "set", "lo", "up"]):
        ip("-n", space, *words)
    return file


files = [device(peer) for peer in range(peers)]
print("ready", flush=True)
poll = select.poll()
for file in [*files, sys.stdin.fileno()]:
    poll.register(file, select.POLLIN)
due: list[tuple[float, int, int, bytes]] = []
count = 0
running = True
while running:
    wait = max(0.0, due[0][0] - time.monotonic()) * 1000 if due else 1000
    for file, _ in poll.poll(wait):
        if file == sys.stdin.fileno():
            running = bool(os.read(file, 4096))
            continue
        for _ in range(64):
            try:
                packet = os.read(file, 65536)
            except BlockingIOError:
                break
            # IPv4, to one of the peers.
            if len(packet) < 20 or packet[0] >> 4 != 4 or not 1 <= packet[19] <= peers or draw.random() < loss:
                continue
            count += 1
            heapq.heappush(due, (time.monotonic() + latency * (1 + draw.random() / 2), count, files[packet[19] - 1], packet))
    now = time.monotonic()
    while due and due[0][0] <= now:
        _, _, to, packet = heapq.heappop(due)
        try:
            os.write(to, packet)
        except OSError:
            pass
for peer in range(peers):
    subprocess.run(["ip", "netns", "del", f"hearsay-{peer}"])
