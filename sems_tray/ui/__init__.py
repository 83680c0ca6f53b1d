"""Qt: network thread, poller, tray, icon painting, windows."""
