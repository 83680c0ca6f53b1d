"""What the energies are worth."""

from .energy import Energy
from .site import Site


def income(site: Site, span: Energy) -> float:
    """Return the money of a span; 0 where no tariff is set, as the portal does."""
    tariff = site.spec.tariff
    if tariff is None:
        return 0.0
    self_use_kwh = span.self_use_kwh if site.has_load else 0.0
    return span.export_kwh * tariff.feed_in + self_use_kwh * tariff.price


def feed_in_income(site: Site, span: Energy) -> float:
    """Return the money of what was exported."""
    tariff = site.spec.tariff
    return 0.0 if tariff is None else span.export_kwh * tariff.feed_in
