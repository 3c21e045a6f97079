#!/usr/bin/env python3
"""Everything begins here."""

import os
import sys


def run(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lighthouse.settings")
    from django.core.management import ManagementUtility

    ManagementUtility(argv).execute()


if __name__ == "__main__":
    run(sys.argv)
