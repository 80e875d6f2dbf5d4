"""`diskarte`: the command line. Nothing heavy is imported before it is known what is wanted."""

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diskarte.settings")
    for pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read once, when numpy is loaded
        os.environ.setdefault(pool, "1")
    from diskarte.doors.cli import run

    run()


if __name__ == "__main__":
    main()
