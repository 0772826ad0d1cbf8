"""What a measured process runs: one function of the bench, named and given its arguments on the command line.

The function returns a dictionary with ``seconds``; it is printed as JSON with the process's own peak memory, which
the kernel knows better than any sampling.
"""

import importlib
import json
import resource
import sys


def main(name: str, arguments: str) -> None:
    """Run ``tests.bench.<module>.<function>`` and print what it returns."""
    module, _, function = name.rpartition(".")
    result = getattr(importlib.import_module(f"tests.bench.{module}"), function)(**json.loads(arguments))
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write("\n" + json.dumps({**result, "peak_bytes": kibibytes * 1024}, default=str) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
