"""A desktop tray monitor for owners of GoodWe solar inverters and batteries."""

__version__ = "0.1.0"
