# The name goes out as it is, the messages with "\n": two places in the program, two habits.
import socket
import sys
import time

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(b"margot")
time.sleep(1)
for message in ("le prof arrive", "il est parti"):
    s.send(message.encode() + b"\n")
    time.sleep(0.5)
s.close()
