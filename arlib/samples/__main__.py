"""`python -m arlib.samples [folder]`: make every sample file again, in `data_samples/` unless told otherwise."""

import argparse
import sys
from pathlib import Path

from arlib.samples import samples_folder
from arlib.samples.making import make_samples


def main() -> None:
    """Make the samples and say which files they are."""
    parser = argparse.ArgumentParser(prog="python -m arlib.samples", description="Make the sample ledgers again.")
    parser.add_argument("folder", nargs="?", type=Path, default=samples_folder(), help="where to (data_samples/)")
    for path in make_samples(parser.parse_args().folder):
        sys.stdout.write(f"{path} {path.stat().st_size:,}\n")


if __name__ == "__main__":
    main()
