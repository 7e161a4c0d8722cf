"""Where the samples are, and how one is loaded by name."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.words import say


@dataclass(frozen=True)
class _Files:
    """The files a sample is loaded from, by the argument of `read_ledger`."""

    source: str
    customers: str | None = None
    rates: str | None = None
    currency: str = "EUR"


SAMPLES: Mapping[str, _Files] = {
    "negoce": _Files("negoce.csv", customers="negoce_clients.csv"),
    "groupe": _Files("groupe.parquet", rates="groupe_rates.csv"),
}


def load_sample(name: str) -> Ledger:
    """The ledger of a sample: `"negoce"`, a French wholesaler, or `"groupe"`, four companies in four currencies.

    Raises:
        ArlibError: there is no sample of that name.
    """
    if name not in SAMPLES:
        raise ArlibError(say("samples.unknown", name=name, known=", ".join(SAMPLES)))
    folder, files = samples_folder(), SAMPLES[name]
    return read_ledger(
        folder / files.source,
        customers=files.customers and folder / files.customers,
        rates=files.rates and folder / files.rates,
        currency=files.currency,
    )


def is_sample(ledger: Ledger, name: str) -> bool:
    """Whether a ledger was read from the file of a sample, whatever was booked in it since."""
    known = hashlib.sha256((samples_folder() / SAMPLES[name].source).read_bytes()).hexdigest()
    return any(source.sha256 == known for source in ledger.sources)


def samples_folder() -> Path:
    """The folder of the sample files: `data_samples/` of a checkout, else the copy inside the installed package."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / "data_samples"
    return checkout if checkout.is_dir() else here / "files"
