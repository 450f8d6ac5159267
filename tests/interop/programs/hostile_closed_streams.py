# Connects, registers, then closes its standard streams and waits.
import os, socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(b"USER muet\n")
for flux in (0, 1, 2):
    os.close(flux)
time.sleep(100)
