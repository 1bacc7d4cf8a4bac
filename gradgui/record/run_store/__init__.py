"""Every run kept in one file: what decides it, its log, and how it ended."""

from gradgui.record.run_store.reader import RunReader
from gradgui.record.run_store.store import RunStore
from gradgui.record.run_store.summary import Ended, RunStoreError, RunSummary

__all__ = ["Ended", "RunReader", "RunStore", "RunStoreError", "RunSummary"]
