"""Killed at fifty random points and started again: nothing lost, nothing double."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

KILLS = 50
SEED = int(os.environ.get("ENTREMISE_DRILL_SEED", random.SystemRandom().randrange(10**6)))
