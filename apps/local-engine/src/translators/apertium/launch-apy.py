"""Runs apertium-apy for one parent process.

apertium-apy listens on every address of the machine and lives on when its parent dies. Here it listens on a Unix
socket, says so with one line on standard output, and ends with its whole process group (which has to be its own: its
pipelines are in it) when standard input closes: then the parent is dead, and the socket's folder is removed too.

Usage: launch-apy.py SOCKET APERTIUM_APY_ARGUMENTS...
"""

import os
import shutil
import signal
import sys
import threading

socket_path = sys.argv.pop(1)  # before the import: apertium-apy reads sys.argv when it is loaded

import tornado.httpserver
import tornado.netutil

from apertium_apy import apy


def bind(server, *_address):
    server.add_socket(tornado.netutil.bind_unix_socket(socket_path))
    print('listening', flush=True)


def end_with_parent():
    while os.read(0, 1024):
        pass
    shutil.rmtree(os.path.dirname(socket_path), ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


tornado.httpserver.HTTPServer.bind = bind
threading.Thread(target=end_with_parent, daemon=True).start()
apy.main()
