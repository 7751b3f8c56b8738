"""Starts one command and prints what it took: seconds, seconds of CPU, kilobytes (bytes on macOS), the wait status.

A process counts at least as much memory as the one that starts it, so a small one must.
"""

import os
import subprocess
import sys
import threading
import time

limit, *command = sys.argv[1:]
began = time.perf_counter()
process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
timer = threading.Timer(float(limit), process.kill)
timer.start()
_, status, usage = os.wait4(process.pid, 0)
timer.cancel()
print(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, status)
