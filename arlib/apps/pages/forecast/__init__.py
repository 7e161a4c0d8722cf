"""The page of the cash to come."""

from arlib.apps.pages.forecast.page import ForecastPage

__all__ = ["ForecastPage"]
