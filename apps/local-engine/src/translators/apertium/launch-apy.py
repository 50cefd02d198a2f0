"""Runs apertium-apy for one parent process.

apertium-apy listens on all addresses of the machine and keeps running when its parent exits. This launcher makes it
listen on a Unix socket and print one line when it does. When standard input closes, the parent has exited: the launcher
removes the socket's folder and kills its process group, which must be its own and includes the pipelines.

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
