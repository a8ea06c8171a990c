"""Fetches TensorFlow's Python wheel and unpacks its C libraries and headers.

usage: python3 wheel.py FOLDER

Leaves FOLDER/lib (shared libraries) and FOLDER/include (headers), and prints the name of the wheel. The wheel of any
Python version serves, since no Python in it is used. On failure one line on stderr says why, and the exit code is 1.
"""

import glob
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile

# The release that the binding was tried with; any other is taken only when a package index does not have it.
VERSIONS = ["==2.21.*", ">=2.16,<3"]
LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")
HEADERS = "tensorflow/include/"
# What the binding includes, directly and indirectly.
HEADER_FOLDERS = ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/", "xla/c/")
# Wheels for this machine that are built for another Python.
OTHER_PYTHONS = ("3.11", "3.12")
# A machine behind a wall that swallows packets must not wait for every attempt to time out.
SEARCH_LIMIT_S = 40


def fail(reason):
    sys.stderr.write(reason + "\n")
    sys.exit(1)


def package_name():
    # On ARM the plain package is the one without CUDA.
    return "tensorflow-cpu" if platform.machine() in ("x86_64", "AMD64") else "tensorflow"


def platforms():
    return ["manylinux_2_27_%s" % platform.machine(), "manylinux_2_17_%s" % platform.machine(),
            "manylinux2014_%s" % platform.machine()]


def has_pip():
    return subprocess.call([sys.executable, "-m", "pip", "--version"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL) == 0


def pip_download(folder):
    """By pip, which knows the mirrors and proxies of this machine. Own Python first, then any."""
    last = ""
    begun = time.monotonic()
    unreachable = False
    for version, other in [(version, other) for version in VERSIONS for other in (None,) + OTHER_PYTHONS]:
        # No cache: the unpacked libraries are cached by the caller, a second copy of the wheel helps nobody.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                   "--no-cache-dir", "--no-deps", "--only-binary=:all:", "--retries", "1", "--dest", folder]
        if other:
            command += ["--python-version", other, "--implementation", "cp"]
            for name in platforms():
                command += ["--platform", name]
        # pip unpacks in TMPDIR, and /tmp is often a small file system.
        done = subprocess.run(command + [package_name() + version], env=dict(os.environ, TMPDIR=folder),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        found = glob.glob(os.path.join(folder, "*.whl"))
        if done.returncode == 0 and found:
            return found[0]
        lines = [line for line in done.stdout.splitlines() if "ERROR" in line or "Error" in line]
        last = lines[-1].strip() if lines else done.stdout.strip()[-300:]
        if "No space left" in done.stdout:
            fail("no space left on the disk while downloading %s" % package_name())
        # Not reaching one index is no reason to stop: another one may be a folder on this machine.
        unreachable = unreachable or "ConnectionError" in done.stdout or "ConnectTimeoutError" in done.stdout
        if time.monotonic() - begun > SEARCH_LIMIT_S:
            break
    if unreachable:
        fail("pip cannot reach a package index that has %s (%s)" % (package_name(), last))
    fail("pip has no wheel of %s for this machine: %s" % (package_name(), last))


def plain_download(folder):
    """Straight from PyPI, where Python came without pip."""
    url = "https://pypi.org/pypi/%s/2.21.0/json" % package_name()
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            files = json.loads(answer.read().decode())["urls"]
        end = "_%s.whl" % platform.machine()
        wheels = [f for f in files if f["filename"].endswith(end) and "manylinux" in f["filename"]]
        if not wheels:
            fail("PyPI has no wheel of %s for this machine" % package_name())
        path = os.path.join(folder, os.path.basename(wheels[0]["filename"]))
        digest = hashlib.sha256()
        with urllib.request.urlopen(wheels[0]["url"], timeout=20) as answer, open(path, "wb") as wheel:
            for block in iter(lambda: answer.read(1 << 20), b""):
                digest.update(block)
                wheel.write(block)
    except (OSError, ValueError, KeyError) as error:
        fail("python3 has no pip (Debian: apt-get install python3-pip), and %s cannot be downloaded without: %s"
             % (package_name(), error))
    if digest.hexdigest() != wheels[0]["digests"]["sha256"]:
        fail("the wheel downloaded from PyPI is damaged (SHA-256 differs)")
    return path


def unpack(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            inner = name[len(HEADERS):]
            if name in LIBRARIES:
                target = os.path.join(folder, "lib", os.path.basename(name))
            elif name.startswith(HEADERS) and inner.startswith(HEADER_FOLDERS) and inner.endswith((".h", ".inc")):
                target = os.path.join(folder, "include", *inner.split("/"))
            else:
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(name) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 22)
    missing = [name for name in LIBRARIES if not os.path.exists(os.path.join(folder, "lib", os.path.basename(name)))]
    if missing:
        fail("%s has no %s" % (os.path.basename(wheel), missing[0]))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        fail(__doc__.strip())
    folder = sys.argv[1]
    wheel = pip_download(folder) if has_pip() else plain_download(folder)
    try:
        unpack(wheel, folder)
    except (OSError, zipfile.BadZipFile) as error:
        fail("the wheel could not be unpacked: %s" % error)
    os.remove(wheel)
    print(os.path.basename(wheel))


main()
