# A person at nc who reads the greeting and says hello to the world before anything else.
import socket, sys, time

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
time.sleep(0.8)
for tape in ["hello world", "theo", "hello theo ici", "bye bye"]:
    s.sendall((tape + "\n").encode())
    time.sleep(0.6)
s.shutdown(socket.SHUT_WR)
while s.recv(4096):
    pass
