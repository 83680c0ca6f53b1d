"""``python -m sems_tray``, and the keyring's child process."""

import sys


def run() -> int:
    """Run the program, or the keyring's child."""
    if sys.argv[1:] == ["--keyring-child"]:  # store.secrets.CHILD_FLAG
        from sems_tray.storage.keyring_child import main as child

        return child()
    from sems_tray.cli.main import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
