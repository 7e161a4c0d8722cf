"""Sample ledgers with the truth known: made here from seeds (`making`), kept in `data_samples/`, loaded by name."""

from arlib.samples.bank_files import load_sample_receipts
from arlib.samples.folder import SAMPLES, is_sample, load_sample, samples_folder

__all__ = ["SAMPLES", "is_sample", "load_sample", "load_sample_receipts", "samples_folder"]
