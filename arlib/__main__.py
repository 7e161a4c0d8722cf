"""`python -m arlib`: the same as the `arlib` command."""

import sys

from arlib.cli import main

if __name__ == "__main__":
    sys.exit(main())
